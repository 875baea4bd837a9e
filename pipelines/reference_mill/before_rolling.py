"""What is known before a slab is charged: orders, heats, and the plant's master data, as Arrow tables."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.behaviour import QUALITY_CODES
from pipelines.reference_mill.grades import ELEMENTS, GRADES, category
from pipelines.reference_mill.melt_shop import CAST_DAYS_BEFORE, heats
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.order_book import LEAD_DAYS, USUAL_COIL_T, order_book
from schemas.raw.heats import RAW_HEATS
from schemas.raw.orders import RAW_ORDERS
from schemas.raw.quality_codes import RAW_QUALITY_CODES

LONG_AGO = date(2020, 1, 1)
"""From when the master data hold."""


def order_table(mill: Mill, ordered_on: date) -> pa.Table:
    """The order lines booked on a day; they are rolled LEAD_DAYS later."""
    book = order_book(mill, ordered_on + timedelta(days=LEAD_DAYS))
    chance = mill.chance(ordered_on, "order details")
    lines = len(book.order_id)
    grades = [GRADES[no] for no in book.grade_no]
    ordered_s = chance.uniform(2 * 3600, 10 * 3600, lines)
    return delivered_table(
        RAW_ORDERS,
        {
            "order_id": book.order_id,
            "ordered_at": moments(mill, ordered_on, ordered_s),
            "due_at": moments(mill, ordered_on, np.full(lines, (LEAD_DAYS + 7) * 86_400.0)),
            "customer": [f"Customer {no}" for no in book.customer_no],
            "grade": [grade.name for grade in grades],
            "thickness_mm": book.thickness_mm,
            "width_mm": book.width_mm,
            "tolerance_class": [f"EN 10051 {category(grade.yield_strength_min_mpa)}" for grade in grades],
            "surface_class": chance.choice(["A", "B"], lines, p=[0.8, 0.2]),
            "yield_strength_min_mpa": [_or_nan(grade.yield_strength_min_mpa) for grade in grades],
            "tensile_strength_min_mpa": [_or_nan(grade.tensile_strength_min_mpa) for grade in grades],
            "tensile_strength_max_mpa": [_or_nan(grade.tensile_strength_max_mpa) for grade in grades],
            "ordered_mass_t": np.round(book.coils * USUAL_COIL_T / 5) * 5,
        },
    )


def _or_nan(limit: float | None) -> float:
    return np.nan if limit is None else limit


def heat_table(mill: Mill, tapped_on: date) -> pa.Table:
    """The heats tapped on a day, for slabs that are rolled two days later."""
    rolled_on = tapped_on + timedelta(days=CAST_DAYS_BEFORE)
    melt = heats(mill, rolled_on)
    return delivered_table(
        RAW_HEATS,
        {
            "heat_id": melt.heat_id,
            "tapped_at": moments(mill, rolled_on, melt.tapped_s),
            "grade": [GRADES[no].name for no in melt.grade_no],
            "grade_family": [GRADES[no].family for no in melt.grade_no],
            "heat_mass_t": melt.mass_t,
            "tapping_temp_c": melt.tapping_temp_c,
            "superheat_c": melt.superheat_c,
            **{f"{element}_pct": melt.analysis_pct[:, no] for no, element in enumerate(ELEMENTS)},
        },
    )


def quality_code_table(mill: Mill) -> pa.Table:
    """What the plant's codes mean."""
    return delivered_table(
        RAW_QUALITY_CODES,
        {
            "quality_code": [code for code, _, _ in QUALITY_CODES],
            "quality": [quality for _, quality, _ in QUALITY_CODES],
            "description": [words for _, _, words in QUALITY_CODES],
            "valid_from_at": moments(mill, LONG_AGO, np.zeros(len(QUALITY_CODES))),
            "valid_to_at": [None] * len(QUALITY_CODES),
        },
    )
