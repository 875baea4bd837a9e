"""Hot coils with what their slab, heat and order say."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from pipelines.validity import with_quality


def coils(
    raw_coils: DataFrame, slabs: DataFrame, heats: DataFrame, orders: DataFrame, quality_codes: DataFrame
) -> DataFrame:
    """One row per hot coil; what was not delivered stays missing.

    The grade is the coil's own, else its heat's, else its order's.
    """
    slab = slabs.select("slab_id", "heat_id", "strand", "furnace", F.col("mass_t").alias("slab_mass_t"))
    heat = heats.select("heat_id", F.col("grade").alias("heat_grade"), "grade_family")
    order = orders.select("order_id", "customer", F.col("grade").alias("order_grade"))
    grade = F.coalesce("grade", "heat_grade", "order_grade")
    return (
        with_quality(raw_coils, quality_codes, "coiled_at")
        .join(slab, on="slab_id", how="left")
        .join(heat, on="heat_id", how="left")
        .join(order, on="order_id", how="left")
        .withColumn("grade", grade)
    )
