"""What customers ordered for a day, and the slabs that the program makes of it, in rolling sequence."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.grades import GRADES, THICKNESS_WEIGHTS, THICKNESSES_MM
from pipelines.reference_mill.line import DENSITY_T_M3
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolls import CAMPAIGN_KM

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]

LEAD_DAYS = 9
"""From the order to the day on which it is rolled."""

USUAL_COIL_T = 21.3
SLAB_T = 22.0
LONGEST_SLAB_M = 11.6
SLAB_THICKNESSES_MM = (210.0, 230.0, 250.0)
CUSTOMERS = 24


@dataclass(frozen=True)
class OrderBook:
    """The order lines that a day rolls, one element per line."""

    order_id: tuple[str, ...]
    ordered_on: date
    customer_no: Numbers
    grade_no: Numbers
    thickness_mm: Array
    width_mm: Array
    coils: Numbers


@dataclass(frozen=True)
class Slabs:
    """The slabs of a day in rolling sequence, one element per slab; masses and sizes are the true ones."""

    order_no: Numbers
    grade_no: Numbers
    target_thickness_mm: Array
    target_width_mm: Array
    campaign_no: Numbers
    sequence_no: Numbers
    thickness_mm: Array
    width_mm: Array
    length_m: Array
    mass_t: Array


@lru_cache(maxsize=64)
def order_book(mill: Mill, day: date) -> OrderBook:
    """The order lines for a production day; together they ask for the day's coils."""
    chance = mill.chance(day, "orders")
    coils = _lot_sizes(mill, chance)
    lots = len(coils)
    grade_no = np.searchsorted(np.cumsum([grade.share for grade in GRADES]), _spread(lots, chance))
    width_mm = np.clip(np.round(chance.normal(1250, 130, lots) / 10) * 10, 1000, 1600)
    return OrderBook(
        order_id=tuple(f"O{day:%y%m%d}{no + 1:03d}" for no in range(lots)),
        ordered_on=day - timedelta(days=LEAD_DAYS),
        customer_no=chance.integers(1, CUSTOMERS + 1, lots),
        grade_no=grade_no,
        thickness_mm=np.array(
            [_thickness_mm(no, luck) for no, luck in zip(grade_no, _spread(lots, chance), strict=True)]
        ),
        width_mm=width_mm,
        coils=coils,
    )


def _lot_sizes(mill: Mill, chance: np.random.Generator) -> Numbers:
    drawn = chance.integers(3, 13, mill.coils_a_day)
    lots = int(np.searchsorted(np.cumsum(drawn), mill.coils_a_day)) + 1
    coils = drawn[:lots].copy()
    coils[-1] -= coils.sum() - mill.coils_a_day
    return coils


def _spread(count: int, chance: np.random.Generator) -> Array:
    """Numbers from 0 to 1, one in each equal part: planners mix a day so that the mill can roll it."""
    return (chance.permutation(count) + chance.random(count)) / count


def _thickness_mm(grade_no: int, luck: float) -> float:
    grade = GRADES[grade_no]
    fits = [grade.thinnest_mm <= thickness <= grade.thickest_mm for thickness in THICKNESSES_MM]
    weights = np.cumsum(np.where(fits, THICKNESS_WEIGHTS, 0))
    return THICKNESSES_MM[int(np.searchsorted(weights / weights[-1], luck))]


@lru_cache(maxsize=8)
def slabs(mill: Mill, day: date) -> Slabs:
    """The day's slabs in the sequence in which they are rolled: by campaign, each from wide to narrow."""
    chance = mill.chance(day, "slabs")
    book = order_book(mill, day)
    order_no = np.concatenate([np.full(book.coils[no], no) for no in chance.permutation(len(book.coils))])
    campaign_no = _campaigns(book, order_no)
    order_no = order_no[np.lexsort((order_no, -book.width_mm[order_no], campaign_no))]
    grade_no, width_mm = book.grade_no[order_no], book.width_mm[order_no]
    count = len(order_no)
    caster_mm = np.array(SLAB_THICKNESSES_MM)[order_no % len(SLAB_THICKNESSES_MM)] + chance.normal(
        0, 0.6, count
    )
    slab_width_mm = width_mm + 35 + chance.normal(0, 2.5, count)
    asked_t = np.clip(chance.normal(SLAB_T, 0.35, count), 20.5, 23.5)
    metre_t = caster_mm * slab_width_mm * DENSITY_T_M3 / 1e6
    length_m = np.minimum(asked_t / metre_t, LONGEST_SLAB_M + chance.normal(0, 0.02, count))
    return Slabs(
        order_no,
        grade_no,
        book.thickness_mm[order_no],
        width_mm,
        campaign_no,
        _sequence(campaign_no),
        caster_mm,
        slab_width_mm,
        length_m,
        length_m * metre_t,
    )


def _campaigns(book: OrderBook, order_no: Numbers) -> Numbers:
    """Campaigns from 0: as many as the work rolls need, each with its share of the strip."""
    metres = USUAL_COIL_T / DENSITY_T_M3 * 1e6 / (book.thickness_mm * book.width_mm)[order_no]
    campaigns = np.ceil(metres.sum() / 1000 / CAMPAIGN_KM)
    rolled_before = np.cumsum(metres) - metres
    return np.floor(rolled_before / metres.sum() * campaigns).astype(np.int64)


def _sequence(campaign_no: Numbers) -> Numbers:
    """Place in its campaign, from 1."""
    starts = np.flatnonzero(np.diff(campaign_no, prepend=-1))
    return np.arange(len(campaign_no)) - starts[campaign_no] + 1
