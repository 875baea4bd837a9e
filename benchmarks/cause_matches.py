"""Whether a told cause is the planted one: the same signal and side, the same equipment, both of two."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.causes.steps import signal_of

Row = Mapping[str, Any]

DELIVERED_AS = {"transport_s": ("discharge_to_mill_s",)}
"""Quantity of the mill -> candidates that are it, where the names differ."""

SHOWN_BY = {
    "mould level burst": ("mould_level_mm",),
    "cold slab end": (
        "entry_temp_c",
        "finishing_temp_c",
        "force_kn",
        "thickness_mm",
        "exit_temp_c",
        "torque_knm",
    ),
    "skid marks": ("entry_temp_c", "finishing_temp_c", "force_kn", "thickness_mm", "torque_knm"),
    "cooling bank loss": ("coiling_temp_c", "cooling_water_m3_h"),
}
"""Fault of the process -> signals that it disturbs (pipelines/reference_mill/process_faults.py), a stand's by
their last words."""

BACKUP_AGE = re.compile(r"f(\d)_backup_age_days")


def is_found(cause: Row, rows: Sequence[Row]) -> bool:
    """True where these rows of mart/root_causes, with all their members, name the cause; of two both."""
    told = [name for row in rows for name in (*row["candidates"], *row["members"])]
    if cause["equipment_kind"]:
        return f"{_place(cause['equipment_kind'])} {cause['equipment']}" in told
    if cause["fault_kind"]:
        return any(_is_of(name, SHOWN_BY[cause["fault_kind"]]) for name in told)
    return all(
        any(_is_quantity(quantity, name) for name in told) and _is_side(quantity, is_above, rows)
        for quantity, is_above in zip(cause["signals"], cause["is_above"], strict=True)
    )


def matches(cause: Row, row: Row) -> bool:
    """True where a row is about the cause, or one of two that act together."""
    return is_found(cause, [row]) or any(
        _is_quantity(quantity, name)
        for quantity in cause["signals"]
        for name in (*row["candidates"], *row["members"])
    )


def tells_of_marks(row: Row) -> bool:
    """True where a row says that roll marks come late in a campaign: a marked roll marks until it is changed.

    The mills have such rolls (pipelines/reference_mill/roll_marks.py), and no other roll marks.
    """
    is_late = [name == "sequence_no" or name.endswith("work roll km") for name in row["candidates"]]
    return row["defect_class"] == "roll mark" and all(is_late) and " at least " in row["condition"]


def _place(kind: str) -> str:
    """Equipment of a kind as a candidate: a roll by its place."""
    return f"{kind} roll" if kind.endswith(("work", "backup")) else kind


def _is_quantity(quantity: str, name: str) -> bool:
    if backup := BACKUP_AGE.fullmatch(quantity):
        return name in {f"F{backup[1]} {side} backup roll km" for side in ("top", "bottom")}
    if quantity == "sequence_no" and name.endswith("work roll km"):
        return True
    return _is_of(name, DELIVERED_AS.get(quantity, (quantity,)))


def _is_of(name: str, signals: Iterable[str]) -> bool:
    return signal_of(name).endswith(tuple(signals))


def _is_side(quantity: str, is_above: bool, rows: Sequence[Row]) -> bool:
    """True where no row that leads with the quantity itself says that the other side is bad."""
    for row in rows:
        for part in row["condition"].split(" and "):
            named = _is_quantity(quantity, part.split(" at least ")[0].split(" below ")[0])
            if named and not part.startswith("spread of ") and (" at least " in part) != is_above:
                return False
    return True
