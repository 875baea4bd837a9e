"""A planted cause of surface defects, and on which coils of a day it acts, how strongly."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.conditions import conditions, equipment
from pipelines.reference_mill.grades import GRADES
from pipelines.reference_mill.process_fault import ProcessFault
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import RollingDay

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOCAL_AS_MUCH = 2.5
"""What a cause on some metres alone makes there, per what its strength would make of the whole coil."""

MOST_OF_A_DOSE = 3.0
"""Times the mean one."""


@dataclass(frozen=True)
class Condition:
    """A signal (conditions.py) beyond a threshold."""

    signal: str
    is_above: bool
    threshold: float

    def beyond(self, value: Array) -> Array:
        """How far values lie on the bad side.

        >>> Condition("superheat_c", False, 20.0).beyond(np.array([15.0, 22.0])).tolist()
        [5.0, -2.0]
        """
        return value - self.threshold if self.is_above else self.threshold - value


@dataclass(frozen=True)
class Cause:
    """Where all of what is set holds, the class is ``strength`` times as frequent as without.

    ``mean_dose``: of a steady dose-response, by how much the signal is beyond where it acts: the rate rises
    with it, and is ``strength`` times as high on average. ``equipment``: kind, and which of it. ``fault``:
    the kind of process fault on whose metres alone it acts, then all the more (LOCAL_AS_MUCH). ``side``: that
    alone.
    """

    cause_id: str
    defect_class: str
    kind: str
    strength: float
    conditions: tuple[Condition, ...] = ()
    mean_dose: float | None = None
    equipment: tuple[str, str] | None = None
    grade_families: tuple[str, ...] = ()
    fault: str | None = None
    side: str | None = None
    active_from: date | None = None


def acts(cause: Cause, rolled: RollingDay) -> Flags:
    """Slab by slab, whether the cause acts on it, or on some metres of it."""
    count = len(rolled.length_m)
    if cause.active_from and rolled.day < cause.active_from:
        return np.zeros(count, dtype=np.bool_)
    found, of_day = np.ones(count, dtype=np.bool_), conditions(rolled.mill, rolled.day)
    for condition in cause.conditions:
        found &= condition.beyond(of_day[condition.signal]) > 0
    if cause.equipment:
        kind, which = cause.equipment
        found &= equipment(rolled)[kind] == which
    if cause.grade_families:
        found &= np.isin(families(rolled), cause.grade_families)
    if cause.fault:
        found &= np.isin(np.arange(count), list(stretches(cause, rolled)))
    return found


def extra(cause: Cause, rolled: RollingDay) -> Array:
    """Slab by slab, how many defects the cause adds, per those that are usual on the whole coil."""
    where_it_acts = acts(cause, rolled).astype(np.float64)
    more: Array = (cause.strength - 1) * where_it_acts
    if cause.fault:
        return LOCAL_AS_MUCH * more
    if cause.mean_dose is None:
        return more
    [condition] = cause.conditions
    beyond = condition.beyond(conditions(rolled.mill, rolled.day)[condition.signal])
    return more * np.clip(beyond / cause.mean_dose, 0, MOST_OF_A_DOSE)


def stretches(cause: Cause, rolled: RollingDay) -> dict[int, ProcessFault]:
    """Slab -> the fault on whose metres a local cause acts; a slab has one at most."""
    return {
        fault.slab_no: fault
        for fault in process_faults(rolled)
        if fault.kind == cause.fault and fault.to_m > fault.from_m
    }


def families(rolled: RollingDay) -> NDArray[np.str_]:
    """The grade family of each slab."""
    return np.array([grade.family for grade in GRADES])[rolled.slabs.grade_no]
