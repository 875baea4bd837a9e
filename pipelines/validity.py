"""What holds when: intervals of which the later one takes over, and what a quality code means at a time."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def until_replaced(intervals: DataFrame, key: list[str], from_at: str, to_at: str) -> DataFrame:
    """The intervals, each ended where the next one of its key begins: at no moment do two hold.

    >>> df = spark.sql("select 'P1' as code, timestamp'2026-01-01' as a, cast(null as timestamp) as b "
    ...                "union all select 'P1', timestamp'2026-03-01', cast(null as timestamp)")
    >>> until_replaced(df, ["code"], "a", "b").orderBy("a").show()
    +----+-------------------+-------------------+
    |code|                  a|                  b|
    +----+-------------------+-------------------+
    |  P1|2026-01-01 00:00:00|2026-03-01 00:00:00|
    |  P1|2026-03-01 00:00:00|               NULL|
    +----+-------------------+-------------------+
    <BLANKLINE>
    """
    next_begins = F.lead(from_at).over(Window.partitionBy(*key).orderBy(from_at))
    # least() passes over what is missing: an open interval ends where the next begins.
    return intervals.withColumn(to_at, F.least(F.col(to_at), next_begins))


def holds_at(at: Column, from_at: Column, to_at: Column) -> Column:
    """True where the moment lies in the half-open interval; one without an end still holds.

    >>> df = spark.sql("select timestamp'2026-01-01' as a, timestamp'2026-03-01' as b")
    >>> df.select(holds_at(F.col("b"), F.col("a"), F.col("b")).alias("holds")).show()
    +-----+
    |holds|
    +-----+
    |false|
    +-----+
    <BLANKLINE>
    """
    return (from_at <= at) & (to_at.isNull() | (at < to_at))


def with_quality(pieces: DataFrame, quality_codes: DataFrame, at: str) -> DataFrame:
    """The pieces with the ``quality`` that their quality code meant at that time; missing where not known.

    Where two meanings of a code hold at once, the later one does. Keeps every piece, once.
    """
    meanings = until_replaced(quality_codes, ["quality_code"], "valid_from_at", "valid_to_at")
    code = meanings.select("quality_code", "quality", "valid_from_at", "valid_to_at").alias("code")
    same_code = F.col("piece.quality_code") == F.col("code.quality_code")
    held = holds_at(F.col(f"piece.{at}"), F.col("code.valid_from_at"), F.col("code.valid_to_at"))
    return pieces.alias("piece").join(code, same_code & held, how="left").select("piece.*", "code.quality")
