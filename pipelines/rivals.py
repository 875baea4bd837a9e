"""Rows that claim the same thing: who else could be meant, named in a text that both engines write alike."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

MOST_NAMED = 5


def with_rivals(rows: DataFrame, key: list[str], is_rival: Column, name: Column, says: Column) -> DataFrame:
    """The rows with ``rivals``: ``says`` and the names of the others; missing where there are none.

    ``is_rival`` compares the aliases ``own`` and ``other``, ``name`` tells of ``other`` and ``says`` of
    ``own``. ``key`` names a row; a row is no rival of itself.

    >>> df = spark.sql("select 'C1' as coil_id, 'S1' as slab_id union all select 'C2', 'S1'")
    >>> same = F.col("own.slab_id") == F.col("other.slab_id")
    >>> says = F.concat(F.col("own.slab_id"), F.lit(" also became "))
    >>> rivals = with_rivals(df, ["coil_id"], same, F.col("other.coil_id"), says)
    >>> rivals.orderBy("coil_id").show(truncate=False)
    +-------+-------+-----------------+
    |coil_id|slab_id|rivals           |
    +-------+-------+-----------------+
    |C1     |S1     |S1 also became C2|
    |C2     |S1     |S1 also became C1|
    +-------+-------+-----------------+
    <BLANKLINE>
    """
    is_itself = F.lit(True)
    for column in key:
        is_itself = is_itself & (F.col(f"own.{column}") == F.col(f"other.{column}"))
    pairs = rows.alias("own").join(rows.alias("other"), is_rival & ~is_itself)
    named = F.concat_ws(", ", F.slice(F.array_sort(F.collect_set(name)), 1, MOST_NAMED))
    found = pairs.groupBy(*(F.col(f"own.{column}").alias(column) for column in key)).agg(
        F.concat(F.min(says), named).alias("rivals")
    )
    return rows.join(found, on=key, how="left")


def in_metres(from_m: Column, to_m: Column) -> Column:
    """An interval as text, to the decimetre.

    >>> df = spark.sql("select 12.34d as from_m, 700.0d as to_m")
    >>> df.select(in_metres(F.col("from_m"), F.col("to_m")).alias("text")).show()
    +---------------+
    |           text|
    +---------------+
    |12.3 to 700.0 m|
    +---------------+
    <BLANKLINE>
    """
    return F.concat(decimal_text(from_m), F.lit(" to "), decimal_text(to_m), F.lit(" m"))


def decimal_text(value: Column) -> Column:
    """A number as text with one decimal, as engines do not by themselves agree on it."""
    return F.coalesce(F.round(value, 1).cast("decimal(12,1)").cast("string"), F.lit("?"))
