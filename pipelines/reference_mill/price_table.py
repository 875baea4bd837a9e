"""What the mill's products are worth, as an Arrow table: by quality and grade family, each for a quarter."""

from datetime import date

import pyarrow as pa

from pipelines.reference_mill.arrow_tables import delivered_table, moments
from pipelines.reference_mill.limit_tables import FAMILIES
from pipelines.reference_mill.mill import Mill
from schemas.raw.prices import ANY_FAMILY, RAW_PRICES

PRIME = dict(zip(FAMILIES, (655.0, 610.0, 640.0, 705.0), strict=True)) | {ANY_FAMILY: 620.0}
SECONDARY_SHARE, SCRAP = 0.78, 265.0
"""Of the price of prime; and what a tonne of scrap is worth, of whatever grade."""

QUARTERS = (date(2020, 1, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1))
QUARTER_SHARES = (0.92, 0.97, 1.0, 1.03)
"""From when prices hold, and what they are of those of the third."""


def price_table(mill: Mill) -> pa.Table:
    """Prices of prime and secondary by family, and one of scrap."""
    prices = [("prime", family, price) for family, price in PRIME.items()]
    prices += [("secondary", family, SECONDARY_SHARE * price) for family, price in PRIME.items()]
    prices += [("scrap", ANY_FAMILY, SCRAP)]
    ends = (*QUARTERS[1:], None)
    rows = [
        (quality, family, round(share * price), start, end)
        for share, start, end in zip(QUARTER_SHARES, QUARTERS, ends, strict=True)
        for quality, family, price in prices
    ]
    quality, family, price, starts, end = zip(*rows, strict=True)
    return delivered_table(
        RAW_PRICES,
        {
            "quality": quality,
            "grade_family": family,
            "currency": ["EUR"] * len(rows),
            "price_money_t": price,
            "valid_from_at": [int(moments(mill, day, [0.0])[0]) for day in starts],
            "valid_to_at": [None if day is None else int(moments(mill, day, [0.0])[0]) for day in end],
        },
    )
