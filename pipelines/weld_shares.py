"""What each part of a welded piece gave to its mass."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from pipelines.position_errors import CONTRADICTION_SHARE


def with_mass_shares(parts: DataFrame, piece: Sequence[str]) -> DataFrame:
    """Adds each part's share of the mass of the piece that the columns ``piece`` name.

    By what the line told that each parent gave (``mass_t``), else by length x width x thickness of the parts
    on the piece (``length_m``), else on their parents (``parent_m``); by length alone where a section is not
    known. Each of these counts where it is known of all parts, else the next; missing where none is. Masses
    or metres of parents that add up to another piece (``piece_mass_t``, ``piece_m``) lack a part: they do
    not count.

    >>> nothing = ", ".join(f"null::double as {name}" for name in ("mass_t", "parent_m", "piece_mass_t"))
    >>> df = spark.sql(f"select 'W' as piece_id, 300.0d as length_m, 3.0d as thickness_mm, {nothing} "
    ...                "union all select 'W', 200.0d, 2.0d, null, null, null")
    >>> df = df.withColumns({"width_mm": F.lit(1250.0), "piece_m": F.lit(500.0)})
    >>> shares = with_mass_shares(df, ["piece_id"])
    >>> shares.select("length_m", F.round("mass_share_pct", 2).alias("pct")).orderBy("length_m").show()
    +--------+-----+
    |length_m|  pct|
    +--------+-----+
    |   200.0|30.77|
    |   300.0|69.23|
    +--------+-----+
    <BLANKLINE>
    """
    window, section = Window.partitionBy(*piece), F.col("thickness_mm") * F.col("width_mm")
    on_piece, on_parent = F.col("length_m"), F.col("whole_parent_m")
    gave = (F.col("whole_mass_t"), on_piece * section, on_piece, on_parent * section, on_parent)
    sums = {
        "whole_mass_t": _adding_up("mass_t", "piece_mass_t", window),
        "whole_parent_m": _adding_up("parent_m", "piece_m", window),
    }
    # Step by step: the embedded engine takes no window of a window.
    known = {f"known_{no}": F.count(by).over(window) for no, by in enumerate(gave)}
    counted = parts.withColumns(sums).withColumns({**known, "of_n": F.count(F.lit(1)).over(window)})
    choices = zip(known, gave, strict=True)
    first = F.coalesce(*(F.when(F.col(name) == F.col("of_n"), by) for name, by in choices))
    told = counted.withColumn("gave", first).withColumn("gave_in_all", F.sum("gave").over(window))
    share_pct = 100 * F.col("gave") / F.nullif(F.col("gave_in_all"), F.lit(0.0))
    return told.withColumn("mass_share_pct", share_pct).drop(*sums, *known, "of_n", "gave", "gave_in_all")


def _adding_up(name: str, whole: str, window: WindowSpec) -> Column:
    """The parts' values where they add up to that of the piece, or nobody knows that."""
    apart = F.abs(F.sum(name).over(window) - F.col(whole))
    return F.when(F.coalesce(apart <= CONTRADICTION_SHARE * F.col(whole), F.lit(True)), F.col(name))
