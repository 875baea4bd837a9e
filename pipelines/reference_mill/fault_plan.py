"""Which slabs of a day meet a fault of the process, and of which kind: drawn before anything is cast."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import slabs

KINDS = (
    "skid marks",
    "cold slab end",
    "stuck pyrometer",
    "cooling bank loss",
    "roll eccentricity",
    "mould level burst",
    "thickness hunting",
)
BURST_M, BURST_MM = (1.0, 2.2), (7.0, 15.0)
"""Of the strand, and of the steel level: least and most."""


@dataclass(frozen=True)
class PlannedFault:
    """A fault of a slab of the rolling sequence; each of its lucks, 0 to 1, decides one thing about it."""

    number: int
    """Of the day, from 1."""

    slab_no: int
    kind: str
    where: float
    how_long: float
    how_strong: float
    which: float


def between(least_and_most: tuple[float, float], luck: float) -> float:
    """A number between two, by luck.

    >>> between((10.0, 20.0), 0.25)
    12.5
    """
    least, most = least_and_most
    return least + (most - least) * luck


@lru_cache(maxsize=8)
def fault_plan(mill: Mill, rolled_on: date) -> tuple[PlannedFault, ...]:
    """The faults of a rolling day, at most one a slab; the kinds take turns."""
    chance = mill.chance(rolled_on, "process faults")
    count = len(slabs(mill, rolled_on).length_m)
    hit = np.flatnonzero(chance.random(count) < mill.faults).tolist()
    rounds = [chance.permutation(len(KINDS)) for _ in range(len(hit) // len(KINDS) + 1)]
    lucks = chance.random((len(hit), 4)).tolist()
    return tuple(
        PlannedFault(number, slab_no, KINDS[kind], *luck)
        for number, (slab_no, kind, luck) in enumerate(
            zip(hit, np.concatenate(rounds)[: len(hit)].tolist(), lucks, strict=True), 1
        )
    )


@dataclass(frozen=True)
class MouldBurst:
    """The steel level swings while a stretch of a slab is cast; metres from the slab's start."""

    slab_no: int
    from_m: float
    to_m: float
    swings_mm: float


def mould_burst(fault: PlannedFault, slab_m: float) -> MouldBurst:
    """A mould level burst somewhere on its slab, away from both ends."""
    length_m = between(BURST_M, fault.how_long)
    from_m = between((0.08 * slab_m, 0.92 * slab_m - length_m), fault.where)
    return MouldBurst(fault.slab_no, from_m, from_m + length_m, between(BURST_MM, fault.how_strong))


def mould_bursts(mill: Mill, rolled_on: date) -> tuple[MouldBurst, ...]:
    """The bursts that the slabs of a rolling day were cast with."""
    length_m = slabs(mill, rolled_on).length_m
    return tuple(
        mould_burst(fault, float(length_m[fault.slab_no]))
        for fault in fault_plan(mill, rolled_on)
        if fault.kind == "mould level burst"
    )
