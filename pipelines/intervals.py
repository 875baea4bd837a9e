"""Half-open intervals of time: length, parts within production days, what they cover together."""

from datetime import timedelta

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines.mill_days import MillDays

INSTANT = timedelta(microseconds=1)
"""What two moments differ by at least."""

MICROSECONDS_PER_MIN = 60_000_000.0


def length_us(from_at: Column, to_at: Column) -> Column:
    """Length in microseconds, a whole number: a sum does not depend on the order of the rows."""
    return F.unix_micros(to_at) - F.unix_micros(from_at)


def minutes(microseconds: Column) -> Column:
    """Microseconds as minutes.

    >>> df = spark.sql("select timestamp'2026-11-20 06:00:00' as a, timestamp'2026-11-20 06:12:30' as b")
    >>> df.select(minutes(length_us(F.col("a"), F.col("b"))).alias("duration_min")).show()
    +------------+
    |duration_min|
    +------------+
    |        12.5|
    +------------+
    <BLANKLINE>
    """
    return microseconds / F.lit(MICROSECONDS_PER_MIN)


def cut_at_days(events: DataFrame, days: MillDays, longest_days: int) -> DataFrame:
    """The part of each event ``[from_at, to_at)`` within each production day; the parts add up to the event.

    An event without an end lasts to the end of every day; an instant is one part without length. An event is
    followed over ``longest_days`` days after its first. Adds ``production_day`` and ``is_start``.
    """
    first = days.day_of(F.col("from_at"))
    last_moment = F.greatest(F.col("to_at") - F.lit(INSTANT), F.col("from_at"))
    followed_to = F.date_add(first, longest_days)
    last = F.when(F.col("to_at").isNull(), followed_to).otherwise(days.day_of(last_moment))
    day = F.col("production_day")
    begins = F.greatest(F.col("from_at"), days.start_of(day))
    cut = {
        "from_at": begins,
        "to_at": F.least(F.col("to_at"), days.end_of(day)),
        "is_start": begins == F.col("from_at"),
    }
    every_day = F.explode(F.sequence(first, F.least(last, followed_to)))
    return events.withColumn("production_day", every_day).withColumns(cut)


def newly_covered_us(order: list[str], only: Column | None = None) -> Column:
    """Length of an interval of a line's day that no earlier one covers: it adds up to their union.

    ``order`` begins with ``from_at``; intervals that are not ``only`` cover nothing.
    """
    counts = F.lit(True) if only is None else F.coalesce(only, F.lit(False))
    day = Window.partitionBy("line", "production_day").orderBy(*order)
    earlier = day.rowsBetween(Window.unboundedPreceding, -1)
    covered_to = F.max(F.when(counts, F.col("to_at"))).over(earlier)
    begins = F.greatest(F.col("from_at"), covered_to)
    return F.when(counts, F.greatest(length_us(begins, F.col("to_at")), F.lit(0))).otherwise(F.lit(0))
