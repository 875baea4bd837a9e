"""The mill's own days as Spark expressions: time zone and the hour at which a day starts are settings."""

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F


@dataclass(frozen=True)
class MillDays:
    """How a mill counts its production days: IANA time zone and local hour at which a day starts."""

    time_zone: str
    starts_at_h: int

    def day_of(self, at: Column) -> Column:
        """The production day (date) of a moment (timestamp, UTC).

        >>> df = spark.sql("select timestamp'2026-11-20 04:59:59' as at")
        >>> day = MillDays("Europe/Vienna", 6).day_of(F.col("at"))
        >>> df.select("at", day.alias("production_day")).show()
        +-------------------+--------------+
        |                 at|production_day|
        +-------------------+--------------+
        |2026-11-20 04:59:59|    2026-11-19|
        +-------------------+--------------+
        <BLANKLINE>
        """
        local = F.from_utc_timestamp(at, self.time_zone)
        return F.to_date(local - F.make_dt_interval(hours=F.lit(self.starts_at_h)))

    def start_of(self, day: Column) -> Column:
        """The moment (timestamp, UTC) at which a production day (date) starts.

        The day in which the clocks go forward is an hour short:

        >>> df = spark.sql("select explode(array(date'2026-03-28', date'2026-03-29')) as day")
        >>> start = MillDays("Europe/Vienna", 6).start_of(F.col("day"))
        >>> df.select("day", start.alias("starts_at")).show()
        +----------+-------------------+
        |       day|          starts_at|
        +----------+-------------------+
        |2026-03-28|2026-03-28 05:00:00|
        |2026-03-29|2026-03-29 04:00:00|
        +----------+-------------------+
        <BLANKLINE>
        """
        local = day.cast("timestamp") + F.make_dt_interval(hours=F.lit(self.starts_at_h))
        return F.to_utc_timestamp(local, self.time_zone)

    def end_of(self, day: Column) -> Column:
        """The moment (timestamp, UTC) at which a production day (date) ends and the next one starts."""
        return self.start_of(F.date_add(day, 1))
