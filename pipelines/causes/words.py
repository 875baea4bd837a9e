"""Causes in words: where one acts, and a sentence for the reader."""

import numpy as np

from pipelines.causes.candidates import Candidate
from pipelines.causes.effect import Effect
from pipelines.causes.explain import Cause
from pipelines.causes.faults import OFF
from pipelines.causes.scan import Find


def labels(candidate: Candidate, find: Find) -> list[str]:
    """What a candidate is called: of equipment with which of it, under all its names."""
    if not candidate.levels:
        return list(candidate.names)
    return [
        f"{name} {levels[find.cut]}" for name, levels in zip(candidate.names, candidate.levels, strict=True)
    ]


def condition(candidate: Candidate, find: Find) -> str:
    """Where a candidate is bad, such as "casting_speed_m_min at least 1.31"."""
    name = labels(candidate, find)[0]
    if candidate.levels:
        return name
    cut = float(candidate.column.cuts[find.cut - 1])
    if name.startswith("is_"):
        return name if find.is_above else f"not {name}"
    side = "at least" if find.is_above else "below"
    if name.endswith(OFF):
        return f"{name} on {side} {short(cut)} m" if find.is_above else f"{name} on less than {short(cut)} m"
    if candidate.is_from_usual:
        return f"{name} less what is usual for its family and thickness {side} {short(cut)}"
    return f"{name} {side} {short(cut)}"


def short(value: float) -> str:
    """A number of four digits that count, without an exponent where it can be.

    >>> [short(value) for value in (1.31337, 0.00041234, 15123.4, -8.0, 0.0)]
    ['1.313', '0.0004123', '15120', '-8', '0']
    """
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    digits = 3 - int(np.floor(np.log10(abs(value))))
    rounded = round(value, digits)
    return f"{rounded:.{digits}f}".rstrip("0").rstrip(".") if digits > 0 else f"{rounded:.0f}"


def where(cause: Cause) -> str:
    """Where a cause acts."""
    own = condition(cause.candidate, cause.find)
    return f"{own} and {condition(cause.pair.candidate, cause.pair.find)}" if cause.pair else own


def sentence(defect_class: str, cause: Cause, told: Effect) -> str:
    """What was found, for a reader.

    The interval of the ratio is of 95 %.
    """
    name = f"{defect_class[:1].upper()}{defect_class[1:]}"
    only = "" if told.is_everywhere else f" of {', '.join(told.families)}"
    interval = f"{told.least_ratio:.1f} to {told.most_ratio:.1f}"
    text = (
        f"{name} is {told.ratio:.1f} times as frequent ({interval}) on coils{only} with "
        f"{where(cause)}: {told.exposed.defects} defects on {told.exposed.coils} coils, "
        f"{round(told.excess_n)} of them more than usual."
    )
    if told.is_new:
        between = (
            f" ({told.earliest_day} to {told.latest_day})" if told.earliest_day < told.latest_day else ""
        )
        text += f" It began on {told.first_day}{between}."
    elif told.is_growing:
        text += " It is growing."
    if is_one_block(told):
        text += " It is seen in one quarter of the time only."
    return text


def is_one_block(told: Effect) -> bool:
    """True where only one of several blocks of time shows it."""
    return told.blocks_agreeing_n <= 1 < told.blocks_n
