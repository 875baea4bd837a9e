"""Rows of several frames in one."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def stacked(*frames: DataFrame) -> DataFrame:
    """The rows of all frames; a field that a frame does not have is missing in its rows.

    >>> weighed = spark.createDataFrame([("C1", 21.5)], "coil_id string, mass_t double")
    >>> measured = spark.createDataFrame([("C2", 720.0)], "coil_id string, length_m double")
    >>> stacked(weighed, measured).orderBy("coil_id").show()
    +-------+------+--------+
    |coil_id|mass_t|length_m|
    +-------+------+--------+
    |     C1|  21.5|    NULL|
    |     C2|  NULL|   720.0|
    +-------+------+--------+
    <BLANKLINE>
    """
    # unionByName(allowMissingColumns=True) leaves such a field without a type on the embedded engine.
    types = {field.name: field.dataType for frame in frames for field in frame.schema}

    def complete(frame: DataFrame) -> DataFrame:
        own = set(frame.columns)
        return frame.select(
            *(
                (F.col(name) if name in own else F.lit(None).cast(type_)).alias(name)
                for name, type_ in types.items()
            )
        )

    return reduce(lambda one, other: one.union(other), map(complete, frames))
