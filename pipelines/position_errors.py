"""What a place on the next piece up is uncertain by: standard deviations of the sources, with their reasons.

Clocks are none of them: a length map joins metres, weights and numbers of pieces, never times. What a clock
costs, it costs where a reading in time gets its place.

The error of a row is the root mean square over its metres. An error e of one end fades to nothing at the
other, which gives e/sqrt(3); that of a counter grows with its metres to 1.7 times the row's at the far end.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

COUNTER_SHARE = 0.001
"""Of a length: wheel and encoder counters agree to 0.05 to 0.1 %, and metres of one piece differ in
thickness and width by about as much."""

TORCH_CUT_M = 0.010
"""Of the end of a slab, in metres of slab: the torch's kerf is 8 to 12 mm, its mark is met to as much."""

SHEAR_CUT_M = 0.10
"""Of an end that a finishing line cuts: the shear stops within a few centimetres, and cuts are told in
decimetres."""

WELD_M = 0.3
"""Of a weld, in metres of the piece: a hole punched beside it passes a detector while the strip runs on at
metres a second, and the line's tracking tells it in decimetres."""

SCRAP_SCALE_T = 0.003
"""Of a crop or a sample that was weighed: scales for scrap show kilograms."""

RECKONED_CROP_SHARE = 0.06
"""Of a crop by the crop shear's own reckoning: it sees the outline and takes the thickness asked for."""

USUAL_CROP_SHARE, USUAL_CROP_SIGMA_SHARE = 0.005, 0.003
"""Of a slab: the crop of one end where neither scale nor shear tells it. Crops are 0.2 to 1 % an end."""

UNMEASURED_ELONGATION_SHARE = 0.01
"""Of a temper rolled piece whose length was not measured: temper rolling elongates by 0.5 to 2 %."""

CONTRADICTION_SHARE = 0.05
"""Two lengths of one thing that differ by more cannot both be right: thermal shrinkage is 1.5 %, temper
rolling 2 %."""

INSPECTION_END_M = 0.2
"""Of the head or the tail as a surface inspection sees it: a line camera takes a picture a decimetre long or
more, and the tongue of an uncropped end is no straight edge."""

OVERLAP_M = 0.1
"""Neighbours may overlap by so much on their parent: kerf, and rounding to decimetres."""

SAME_CAST_MIN = 60
"""Slabs that claim one metre of a strand and were cut further apart belong to two counts of its counter: a
slab takes 5 to 15 minutes to cast."""


def over_the_length(one_end_m: Column, other_end_m: Column, from_m: Column, to_m: Column) -> Column:
    """Root mean square position error over the metres ``from_m`` to ``to_m`` of a counter.

    The errors of both ends are independent; the counter's is the same share of all its metres.

    >>> df = spark.sql("select 0.3d as head, 0.6d as tail, 0.0d as a, 600.0d as b")
    >>> sigma_m = over_the_length(F.col("head"), F.col("tail"), F.col("a"), F.col("b"))
    >>> df.select(F.round(sigma_m, 4).alias("sigma_m")).show()
    +-------+
    |sigma_m|
    +-------+
    | 0.5196|
    +-------+
    <BLANKLINE>
    """
    ends = one_end_m * one_end_m + other_end_m * other_end_m
    counted = F.lit(COUNTER_SHARE**2) * (from_m * from_m + from_m * to_m + to_m * to_m)
    return F.sqrt((ends + counted) / 3)
