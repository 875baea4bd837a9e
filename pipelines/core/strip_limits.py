"""Limits of a coil's signals: its grade family's, and the tolerances of the class that its order names."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.validity import holds_at
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.raw.coils import RAW_COILS
from schemas.raw.grade_limits import RAW_GRADE_LIMITS
from schemas.raw.tolerances import RAW_TOLERANCES

TOLERATED = {"thickness": "thickness_mm", "width with mill edges": "width_mm"}
"""Dimension -> signal that measures it; a hot coil still has its mill edges."""

TARGET_FIELDS = tuple(field.name for field in RAW_COILS.fields if field.type == "double")


def strip_limits(
    coils: DataFrame, raw_coils: DataFrame, orders: DataFrame, grade_limits: DataFrame, tolerances: DataFrame
) -> DataFrame:
    """One row per coil, signal and table that limits it, as they held when the coil was coiled.

    Classes go by the ordered dimensions, or by those asked for where there is no order. A coil that falls
    into no class has no row. Where several rows hold at once, the later one does.
    """
    ordered = _ordered(coils, orders)
    by_grade = _by_grade(ordered.join(_asked_for(raw_coils), on="coil_id", how="left"), grade_limits)
    return by_grade.unionByName(_by_order(ordered, tolerances))


def free_ends_m(thickness_mm: Column) -> Column:
    """Uncropped ends without a thickness tolerance: 90 / thickness in mm metres, at most 20 (EN 10051:2010).

    >>> df = spark.sql("select 5.0D as thick, 3.0D as thin")
    >>> df.select(*(free_ends_m(F.col(name)).alias(name) for name in df.columns)).show()
    +-----+----+
    |thick|thin|
    +-----+----+
    | 18.0|20.0|
    +-----+----+
    <BLANKLINE>
    """
    return F.least(90.0 / thickness_mm, F.lit(20.0))


def _ordered(coils: DataFrame, orders: DataFrame) -> DataFrame:
    order = orders.select(
        "order_id",
        "tolerance_class",
        F.col("thickness_mm").alias("order_mm"),
        F.col("width_mm").alias("wide_mm"),
    )
    return coils.join(order, on="order_id", how="left").select(
        *("coil_id", "production_day", "coiled_at", "grade_family", "tolerance_class"),
        F.coalesce("order_mm", "target_thickness_mm").alias("ordered_thickness_mm"),
        F.coalesce("wide_mm", "target_width_mm").alias("ordered_width_mm"),
    )


def _asked_for(raw_coils: DataFrame) -> DataFrame:
    return raw_coils.select("coil_id", F.struct(*TARGET_FIELDS).alias("asked"))


def _by_grade(coils: DataFrame, grade_limits: DataFrame) -> DataFrame:
    named = F.col("target_field")
    target = F.coalesce(*(F.when(named == name, F.col(f"asked.{name}")) for name in TARGET_FIELDS))
    held = coils.join(grade_limits.drop("production_day"), on="grade_family").where(
        _in_class("thickness") & holds_at(F.col("coiled_at"), F.col("valid_from_at"), F.col("valid_to_at"))
    )
    least, most = F.col("least_of_signal"), F.col("most_of_signal")
    is_absolute = named.isNull()
    limited = (
        held.withColumn("source", F.lit(RAW_GRADE_LIMITS.path))
        .withColumn("basis", F.col("grade_family"))
        .withColumn("target_of_signal", target)
        .withColumn("least_of_signal", F.when(is_absolute, least).otherwise(target + least))
        .withColumn("most_of_signal", F.when(is_absolute, most).otherwise(target + most))
        .withColumn("free_ends_m", F.lit(0.0))
        .withColumn(
            "not_computable",
            F.when(~is_absolute & target.isNull(), F.concat(named, F.lit(" was not delivered"))).when(
                least.isNull() & most.isNull(), "neither a least nor a greatest value is set"
            ),
        )
    )
    return _latest(limited)


def _by_order(coils: DataFrame, tolerances: DataFrame) -> DataFrame:
    dimension = F.col("dimension")
    held = coils.join(tolerances.drop("production_day"), on="tolerance_class").where(
        dimension.isin(*TOLERATED)
        & _in_class("thickness")
        & _in_class("width")
        & holds_at(F.col("coiled_at"), F.col("valid_from_at"), F.col("valid_to_at"))
    )
    is_thickness = dimension == "thickness"
    ordered = F.when(is_thickness, F.col("ordered_thickness_mm")).otherwise(F.col("ordered_width_mm"))
    return _latest(
        held.withColumn("signal", F.coalesce(*(F.when(dimension == d, s) for d, s in TOLERATED.items())))
        .withColumn("source", F.lit(RAW_TOLERANCES.path))
        .withColumn("basis", F.col("tolerance_class"))
        .withColumn("target_of_signal", ordered)
        .withColumn("least_of_signal", ordered + F.col("lower_mm"))
        .withColumn("most_of_signal", ordered + F.col("upper_mm"))
        .withColumn(
            "free_ends_m",
            F.when(is_thickness, free_ends_m(F.col("ordered_thickness_mm"))).otherwise(0.0),
        )
        .withColumn("not_computable", F.lit(None).cast("string"))
    )


def _in_class(dimension: str) -> Column:
    ordered = F.col(f"ordered_{dimension}_mm")
    return (F.col(f"{dimension}_over_mm") < ordered) & (ordered <= F.col(f"{dimension}_to_mm"))


def _latest(held: DataFrame) -> DataFrame:
    """Of rows that hold at once, because classes were cut anew, the one that came last."""
    one = Window.partitionBy("coil_id", "signal").orderBy(
        F.col("valid_from_at").desc(), F.col("thickness_over_mm").desc()
    )
    return (
        held.withColumn("place", F.row_number().over(one))
        .where("place = 1")
        .select(*CORE_STRIP_LIMITS.field_names)
    )
