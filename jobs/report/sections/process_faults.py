"""Faults of the night: where the process, or a sensor, was not normal."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import bars
from jobs.report.reading import read
from jobs.report.wording import number
from jobs.wording import counted

ORDER = 56
TITLE = "Faults of the night"
QUESTION = (
    "On which coils did the process leave its normal behaviour, in which signals, how far, for how long?"
)

MOST_SHOWN = 15
UNTRAINED = "No model had been trained before this day: `coilmart train normal --until D` does."
COILS = "select count(*) as coils_n from core.coils where production_day = $day"
FAULTS = """
select coil_id, step, detector, from_m, to_m, strength_ratio, sentence,
    'coilmart strip ' || coil_id as command
from mart.process_faults where production_day = $day and not is_sensor
order by strength_ratio desc nulls last, coil_id, from_m, step, detector
"""
# The first of the signals is the one that is furthest off.
SIGNALS = """
select signals[1] as signal, count(distinct coil_id) as coils_n, sum(to_m - from_m) as faulty_m
from mart.process_faults where production_day = $day and not is_sensor and len(signals) > 0
group by all order by faulty_m desc, signal limit 10
"""
SENSORS = """
select signals[1] as signal, count(distinct coil_id) as coils_n, sum(to_m - from_m) as faulty_m,
    arg_max(coil_id, to_m - from_m) as longest_on, arg_max(sentence, to_m - from_m) as sentence
from mart.process_faults where production_day = $day and is_sensor
group by all order by faulty_m desc, signal
"""
FAULT_COLUMNS = (
    Column("coil_id", "Coil"),
    Column("step", "Step"),
    Column("detector", "Found by"),
    Column("from_m", "From", "m", 0),
    Column("to_m", "To", "m", 0),
    Column("strength_ratio", "By its limit", "times", 1),
    Column("sentence", "What happened"),
    Column("command", "See it"),
)
SENSOR_COLUMNS = (
    Column("signal", "Sensor"),
    Column("coils_n", "Coils"),
    Column("faulty_m", "Length", "m", 0),
    Column("longest_on", "Longest on"),
    Column("sentence", "What it did there"),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The strongest faults with their sentences, where they add up, and sensors apart."""
    (coils,) = read(connection, COILS, day)
    faults, sensors = read(connection, FAULTS, day), read(connection, SENSORS, day)
    if not coils["coils_n"]:
        yield Note(f"No coil was rolled on {day}.")
    elif not _was_judged(connection, day):
        yield Note(UNTRAINED, "bad")
    elif not faults:
        yield Note(f"None of {counted(coils['coils_n'], 'coil')} left its normal behaviour.", "good")
    if faults:
        yield from _faults(connection, day, faults, coils["coils_n"])
    if sensors:
        yield Grid("Faulty sensors, which are no faults of the process", SENSOR_COLUMNS, sensors)


def _was_judged(connection: duckdb.DuckDBPyConnection, day: date) -> bool:
    trained = "select count(*) as n from mart.model_cards where production_day < $day"
    return bool(read(connection, trained, day)[0]["n"])


def _faults(
    connection: duckdb.DuckDBPyConnection, day: date, faults: list[Row], coils_n: int
) -> Iterator[Block]:
    signals = read(connection, SIGNALS, day)
    if signals:
        names, metres = [row["signal"] for row in signals], [row["faulty_m"] for row in signals]
        texts = [f"{number(row['faulty_m'])} m, {counted(row['coils_n'], 'coil')}" for row in signals]
        says = "; ".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))
        yield Picture("Signals that were furthest off", bars(names, metres, texts, "m"), says)
    found = len({row["coil_id"] for row in faults})
    shown = faults[:MOST_SHOWN]
    of = f"{counted(len(faults), 'interval')} on {found:,} of {counted(coils_n, 'coil')}"
    rest = f", the {len(shown)} strongest" if len(faults) > len(shown) else ""
    yield Grid(of + rest, FAULT_COLUMNS, shown)
