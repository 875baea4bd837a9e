"""Places on a piece as places on the piece that it was made from, by rows of core/length_maps."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

NO_MAP = "no map of lengths tells what it was made from"
MOVED = ("piece_id", "from_m", "to_m", "sigma_m", "doubt")


def places_upstream(places: DataFrame, maps: DataFrame) -> DataFrame:
    """One row per place: ``MOVED`` of the piece one step further up; its other columns stay.

    ``places`` have a ``place_id`` and ``MOVED``; ``maps`` are rows of one kind of child. A place without a
    map, or off it, has no piece, and says so; one that several maps hold for has none either, and names them.
    """
    joined = places.alias("place").join(_slopes(maps).alias("map"), _holds(), how="left")
    of_place = Window.partitionBy("place.place_id")
    parents = F.array_sort(F.collect_set("parent_id").over(of_place))
    several = F.count("parent_id").over(of_place) > 1
    told = F.when(several, F.concat(F.lit("could be on "), F.concat_ws(" or ", parents)))
    no_map = F.when(F.col("parent_id").isNull() & F.col("map_doubt").isNull(), F.lit(NO_MAP))
    doubt = F.nullif(F.concat_ws("; ", "place.doubt", "map_doubt", no_map, told), F.lit(""))
    sigma_m = F.sqrt(_square("place.sigma_m") + _square("map_sigma_m")) * F.col("slope")
    kept = [name for name in places.columns if name not in MOVED]
    return (
        joined.withColumns({"is_one": ~several, "told": doubt, "parent_sigma_m": sigma_m})
        .withColumn("no", F.row_number().over(of_place.orderBy("parent_id", "child_from_m")))
        .where("no = 1")
        .select(
            *(F.col(f"place.{name}") for name in kept),
            _where_one("parent_id").alias("piece_id"),
            _where_one(_on_parent("from_m", "to_m")).alias("from_m"),
            _where_one(_on_parent("to_m", "from_m")).alias("to_m"),
            _where_one("parent_sigma_m").alias("sigma_m"),
            F.col("told").alias("doubt"),
        )
    )


def _slopes(maps: DataFrame) -> DataFrame:
    child_m = F.col("child_to_m") - F.col("child_from_m")
    parent_m = F.col("parent_to_m") - F.col("parent_from_m")
    return maps.select(
        *("child_id", "child_from_m", "child_to_m", "parent_id", "parent_from_m", "parent_to_m"),
        *("is_reversed", (parent_m / F.nullif(child_m, F.lit(0.0))).alias("slope")),
        *(F.col("sigma_m").alias("map_sigma_m"), F.col("doubt").alias("map_doubt")),
    )


def _holds() -> Column:
    """True where the map is of the piece and of the middle of the place; without metres, of the piece."""
    middle_m = (F.col("place.from_m") + F.col("place.to_m")) / 2
    is_on_it = (middle_m >= F.col("child_from_m")) & (middle_m <= F.col("child_to_m"))
    return (F.col("place.piece_id") == F.col("child_id")) & F.coalesce(is_on_it, F.lit(True))


def _on_parent(forward: str, backward: str) -> Column:
    """Where an end of the interval is on the parent; turned round, it is the other end that comes first."""
    ahead = F.col("parent_from_m") + (F.col(f"place.{forward}") - F.col("child_from_m")) * F.col("slope")
    behind = F.col("parent_to_m") - (F.col(f"place.{backward}") - F.col("child_from_m")) * F.col("slope")
    # Without a direction there is no place.
    return F.when(F.col("is_reversed"), behind).when(~F.col("is_reversed"), ahead)


def _where_one(value: Column | str) -> Column:
    return F.when(F.col("is_one"), F.col(value) if isinstance(value, str) else value)


def _square(name: str) -> Column:
    return F.col(name) * F.col(name)
