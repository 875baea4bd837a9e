"""Defects that repeat along strips, and the roll that explains them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from pipelines.repetitions import Repetition, bands, repetition
from pipelines.roll_suspects import CERTAIN, Seen, Suspect, Turn, suspects
from schemas.mart.roll_marks import MART_ROLL_MARKS

NEAR_MM = 60.0
"""Bands of two coils in turn that lie nearer, from the middle of the strip, are of one mark: rolls shift."""

TURN = ("place", "roll_id", "diameter_mm", "period_m", "rolled_t")
TURNS = "array<struct<place:string,roll_id:string,diameter_mm:double,period_m:double,rolled_t:double>>"


def roll_marks(defects: DataFrame, coils: DataFrame, turns: DataFrame) -> DataFrame:
    """One row per coil, side and band with defects that repeat; ``turns``: see ``roll_turns``.

    Coils are those of the days to make. Coils of a day whose bands lie at one place name the roll together.
    """
    of_side = turns.withColumn("side", F.substring_index("position", " ", 1)).where("period_m is not null")
    # Cast, since the embedded engine takes a list of structs with a renamed field for another type.
    turns_of = F.collect_list(F.struct(*TURN)).cast(TURNS).alias("turns")
    listed = of_side.groupBy("coil_id", "side").agg(turns_of)
    placed = defects.where("from_m is not null and side is not null and from_edge_mm is not null")
    of_coils = placed.drop("production_day").join(
        coils.select("coil_id", "production_day", "length_m", "width_mm", "coiled_at"), on="coil_id"
    )
    found = of_coils.join(listed, on=["coil_id", "side"], how="left").select(
        *("production_day", "side", "coil_id", "coiled_at", "length_m", "defect_class", "turns"),
        # Strips run in the middle of the rolls.
        (F.coalesce("width_mm", F.lit(0.0)) / 2).alias("middle_mm"),
        ((F.col("from_m") + F.coalesce("to_m", "from_m")) / 2).alias("at_m"),
        ((F.col("from_edge_mm") + F.coalesce("to_edge_mm", "from_edge_mm")) / 2).alias("at_mm"),
    )
    return found.groupBy("production_day", "side").applyInArrow(_of_a_side, MART_ROLL_MARKS.ddl)


def _of_a_side(defects: pa.Table) -> pa.Table:
    """The marks of one side on one day."""
    marks = [mark for coil in _coils(defects) for mark in _marks(coil)]
    rows = [row for together in _of_one_place(marks) for row in _named(together)]
    return pa.Table.from_pylist(rows, _schema(defects.schema))


def _schema(given: pa.Schema) -> pa.Schema:
    kinds = {"string": pa.string(), "double": pa.float64(), "bigint": pa.int64(), "date": pa.date32()}
    kinds["array<string>"] = pa.list_(pa.string())
    return pa.schema([(field.name, kinds[field.type]) for field in MART_ROLL_MARKS.fields])


def _coils(defects: pa.Table) -> Iterator[list[dict[str, Any]]]:
    """The defects of each coil, in the order of rolling."""
    ordered = defects.sort_by([("coiled_at", "ascending"), ("coil_id", "ascending"), ("at_m", "ascending")])
    held: list[dict[str, Any]] = []
    for row in ordered.to_pylist():
        if held and held[0]["coil_id"] != row["coil_id"]:
            yield held
            held = []
        held.append(row)
    if held:
        yield held


def _marks(coil: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Bands of a coil in which defects repeat."""
    at_m, at_mm = (np.array([row[name] for row in coil]) for name in ("at_m", "at_mm"))
    length_m = coil[0]["length_m"] or float(at_m.max())
    for band in bands(at_mm):
        found = repetition(at_m[band], length_m)
        if found is not None:
            repeat = np.flatnonzero(band)[np.isfinite(found.turn)]
            yield _mark([coil[no] for no in repeat], found)


def _mark(rows: Sequence[dict[str, Any]], found: Repetition) -> dict[str, Any]:
    first, at_mm = rows[0], [row["at_mm"] for row in rows]
    classes = [row["defect_class"] for row in rows if row["defect_class"] is not None]
    return {
        **{name: first[name] for name in ("coil_id", "production_day", "side")},
        "from_edge_mm": min(at_mm),
        "to_edge_mm": max(at_mm),
        "defect_class": max(sorted(set(classes)), key=classes.count) if classes else None,
        "defects_n": len(rows),
        "missed_pct": found.missed_pct,
        "period_m": found.period_m,
        "sigma_m": found.sigma_m,
        "from_middle_mm": (min(at_mm) + max(at_mm)) / 2 - first["middle_mm"],
        "turns": [Turn(*(turn[name] for name in TURN)) for turn in first["turns"] or ()],
    }


def _of_one_place(marks: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The marks of several coils that lie at one place across the strip, and one coil's marks apart."""
    groups: list[list[dict[str, Any]]] = []
    for mark in marks:
        for group in groups:
            last = group[-1]
            near = abs(last["from_middle_mm"] - mark["from_middle_mm"]) < NEAR_MM
            if near and last["coil_id"] != mark["coil_id"] and suspects(_seen([*group, mark])):
                group.append(mark)
                break
        else:
            groups.append([mark])
    return groups


def _seen(marks: Sequence[dict[str, Any]]) -> list[Seen]:
    return [Seen(mark["coil_id"], mark["period_m"], mark["sigma_m"], mark["turns"]) for mark in marks]


def _named(marks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of the coils of one mark, with the roll that explains all of them."""
    found = suspects(_seen(marks))
    for mark in marks:
        turns = {(turn.place, turn.roll_id): turn for turn in mark["turns"]}
        told = {"mark_coils_n": len(marks), "suspects": [f"{s.place} {s.roll_id}" for s in found]}
        yield mark | told | _of_roll(found, turns)


def _of_roll(found: Sequence[Suspect], turns: dict[tuple[str, str], Turn]) -> dict[str, Any]:
    if not found:
        why = "no roll in use has a turn that long" if turns else "no roll's diameter and speed are known"
        return {"doubt": why}
    first = found[0]
    told = {"probability_pct": 100 * first.probability, "turns_a_mark": first.multiple}
    if first.probability < CERTAIN:
        could_be = " or ".join(f"{s.place} {s.roll_id} ({s.probability:.0%})" for s in found)
        return told | {"doubt": f"could be {could_be}"}
    stand, position = first.place.split(" ", 1)
    return told | {
        "stand": stand,
        "position": position,
        "roll_id": first.roll_id,
        "roll_diameter_mm": first.diameter_mm,
        "diameter_by_mark_mm": first.by_mark_mm,
        "diameter_sigma_mm": first.by_mark_sigma_mm,
        "rolled_t": turns[first.place, first.roll_id].rolled_t,
    }
