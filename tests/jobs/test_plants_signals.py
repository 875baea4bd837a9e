"""Signals that a plant declares in its source.toml: columns like any other, and known for good."""

import os

import pytest

from jobs.lake.comparison import differences
from jobs.lake.delta import as_in_lake
from jobs.lake.lake import Lake
from jobs.landing import sources_left_alone
from jobs.run import Run
from jobs.tables import describe_table
from schemas.core.coil_segments import signals_of
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

FORMAT = "time_zone = 'UTC'\n[[table]]\ntable = 'finishing_readings'\nfiles = '*.csv'\n[table.columns]\n"
COLUMNS = "coil_id = 'coil'\nsampled_at = 'at'\n"
OIL = "meaning = 'Oil pressure of F1.', minimum = 0, maximum = 400"
DECLARED = f"{FORMAT}{COLUMNS}f1_oil_pressure_bar = {{ column = 'oil', unit = 'MPa', {OIL} }}\n"
HEADER = "coil;at;oil\n"


@pytest.fixture
def declare(mill):
    def write(source, toml):
        folder = mill.settings.landing / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "source.toml").write_text(toml)

    return write


def pressures(mill):
    return mill.ask("select coil_id, f1_oil_pressure_bar from raw.finishing_readings order by sampled_at")


def oil(mill):
    return as_in_lake(mill.settings.lake, RAW_FINISHING_READINGS).field("f1_oil_pressure_bar")


def test_a_declared_signal_is_a_column_in_the_unit_of_its_name(mill, declare):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    assert not mill.ingest().problems
    assert pressures(mill) == [("C1", pytest.approx(215.0))]


def test_a_value_beyond_its_limits_is_no_measurement(mill, declare):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;99,9", header=HEADER)
    mill.ingest()
    assert pressures(mill) == [("C1", None)]
    assert mill.ask("select column_name, original from core.cell_faults") == [("f1_oil_pressure_bar", "99,9")]


def test_what_was_declared_is_known_when_its_source_is_gone(mill, declare):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    for file in (mill.settings.landing / "hydraulics").iterdir():
        file.unlink()
    (mill.settings.landing / "hydraulics").rmdir()
    mill.deliver(
        "finishing_readings/b.csv",
        "C2,2026-11-20T09:00:00Z,880",
        header="coil_id,sampled_at,finishing_temp_c\n",
    )
    assert not mill.ingest().problems
    assert pressures(mill) == [("C1", pytest.approx(215.0)), ("C2", None)]
    assert (oil(mill).meaning, oil(mill).unit, oil(mill).maximum) == ("Oil pressure of F1.", "bar", 400.0)
    described = describe_table(as_in_lake(mill.settings.lake, RAW_FINISHING_READINGS))
    assert "Oil pressure of F1." in described and "0 to 400" in described


def test_what_a_source_says_now_holds_over_what_it_said(mill, declare):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    declare("hydraulics", DECLARED.replace("of F1.", "of F1 and F2.").replace("400", "500"))
    mill.deliver("hydraulics/b.csv", "C1;2026-11-20 08:00:01;45", header=HEADER)
    mill.ingest()
    assert (oil(mill).meaning, oil(mill).maximum) == ("Oil pressure of F1 and F2.", 500.0)
    assert pressures(mill) == [("C1", pytest.approx(215.0)), ("C1", pytest.approx(450.0))]


def test_two_sources_that_contradict_each_other_are_told_in_one_sentence(mill, declare):
    declare("hydraulics", DECLARED)
    declare("level_2", DECLARED.replace("400", "300"))
    (problem,) = sources_left_alone(mill.settings)
    assert "f1_oil_pressure_bar is 'Oil pressure of F1.' (0.0 to 400.0) in hydraulics" in problem
    assert problem.endswith("(0.0 to 300.0) in level_2; write the same in both.")


def test_a_signal_that_two_sources_declare_alike_is_one(mill, declare):
    for source in ("hydraulics", "level_2"):
        declare(source, DECLARED)
        mill.deliver(f"{source}/a.csv", f"{source};2026-11-20 08:00:00;20", header=HEADER)
    assert not mill.ingest().problems
    assert {coil for coil, _ in pressures(mill)} == {"hydraulics", "level_2"}


def test_every_declared_signal_has_its_moments(mill, declare):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    *_, last = signals_of(as_in_lake(mill.settings.lake, RAW_FINISHING_READINGS))
    assert (last.name, last.unit, last.of_the_plant) == ("f1_oil_pressure_bar", "bar", True)


def test_lakes_of_which_one_has_a_signal_more_differ(mill, declare, tmp_path):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    told = differences(mill.settings.lake, str(tmp_path / "other"))
    assert "raw/finishing_readings: only one lake has f1_oil_pressure_bar" in told


@pytest.mark.engines
def test_a_job_reads_a_declared_signal(mill, declare, spark):
    declare("hydraulics", DECLARED)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    lake = Lake(spark, mill.settings, Run.start())
    (row,) = lake._all_rows(RAW_FINISHING_READINGS).collect()
    assert row["f1_oil_pressure_bar"] == pytest.approx(215.0)


def test_files_of_two_systems_stand_side_by_side(mill, declare):
    toml = DECLARED.replace("'*.csv'", "'{system}.csv'") + "system = 'system'\n"
    declare("hydraulics", toml)
    for system, value in (("F1", 20), ("F2", 21)):
        mill.deliver(f"hydraulics/{system}.csv", f"C1;2026-11-20 08:00:00;{value}", header=HEADER)
    mill.ingest()
    kept = mill.ask("select system, f1_oil_pressure_bar from raw.finishing_readings order by system")
    assert kept == [("F1", pytest.approx(200.0)), ("F2", pytest.approx(210.0))]
    # A corrected file of one system takes the place of its own rows alone.
    mill.deliver("hydraulics/F2.csv", "C1;2026-11-20 08:00:00;22", header=HEADER)
    mill.ingest()
    kept = mill.ask("select system, f1_oil_pressure_bar from raw.finishing_readings order by system")
    assert kept == [("F1", pytest.approx(200.0)), ("F2", pytest.approx(220.0))]


def test_one_moment_twice_in_a_file_without_a_system_is_a_contradiction(mill, declare):
    declare("hydraulics", DECLARED)
    rows = ("C1;2026-11-20 08:00:00;20", "C1;2026-11-20 08:00:00;21")
    mill.deliver("hydraulics/a.csv", *rows, header=HEADER)
    mill.ingest()
    reasons = {reason for (reason,) in mill.ask("select reason from core.quarantine")}
    assert reasons == {
        "coil_id C1, sampled_at 2026-11-20 08:00:00+00 occurs 2 times in this file, with different content."
    }


def test_a_signal_declared_later_is_read_when_its_files_are_replayed(mill, declare):
    declare("hydraulics", FORMAT + COLUMNS)
    mill.deliver("hydraulics/a.csv", "C1;2026-11-20 08:00:00;21,5", header=HEADER)
    mill.ingest()
    declare("hydraulics", DECLARED)
    os.utime(mill.settings.landing / "hydraulics" / "source.toml")
    mill.ingest(lambda row: True)
    assert pressures(mill) == [("C1", pytest.approx(215.0))]
