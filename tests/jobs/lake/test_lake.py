"""The lake: declared reads, checked writes, whole days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from deltalake import DeltaTable

from jobs.lake.delta import LakeError, current_files, publish, reaches_to_at, table_uri
from jobs.lake.lake import ContractError, conform
from jobs.run import Run
from schemas.contract import Field, Input, Promise, Severity, Table
from schemas.fields import COIL_ID, MASS_T, PRODUCTION_DAY

DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)
WEIGHED_AT = Field("weighed_at", "timestamp", "When it was weighed.", datetime(2026, 11, 20, 8, tzinfo=UTC))
WEIGHINGS = Table(
    layer="core",
    name="weighings",
    row="coil",
    meaning="Weighed coils.",
    key=("coil_id",),
    day_of="weighed_at",
    fields=(COIL_ID, WEIGHED_AT, MASS_T, PRODUCTION_DAY),
    promises=(Promise("not_empty", "mass_t > 0", "A coil weighs something."),),
)
MASSES = replace(
    WEIGHINGS, layer="mart", name="masses", made_from=(Input(WEIGHINGS, days_back=1),), promises=()
)


@pytest.fixture
def weighings(lake):
    return lake.for_table(WEIGHINGS)


@pytest.fixture
def masses(lake):
    return lake.for_table(MASSES)


def rows_of(lake, table):
    uri = table_uri(lake.settings.lake, table)
    return sorted(
        (r.coil_id, r.production_day, r.mass_t) for r in lake.spark.read.format("delta").load(uri).collect()
    )


@pytest.mark.engines
def test_a_run_that_makes_a_table_twice_keeps_the_days_that_it_made_first(lake, given):
    for no, day in enumerate((DAY, NEXT)):
        row = {"coil_id": f"C{no}", "production_day": day}
        lake.for_table(WEIGHINGS).write(WEIGHINGS, (day,), given(WEIGHINGS, row))

    assert rows_of(lake, WEIGHINGS) == [("C0", DAY, 21.5), ("C1", NEXT, 21.5)]


@pytest.mark.engines
def test_a_second_write_of_a_day_replaces_it_and_leaves_the_other_days(weighings, given):
    both = given(WEIGHINGS, {"coil_id": "C1"}, {"coil_id": "C2", "production_day": NEXT})
    weighings.write(WEIGHINGS, (DAY, NEXT), both)

    again = replace(weighings, run=Run.start())
    again.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {"coil_id": "C1", "mass_t": 20.0}))

    assert rows_of(weighings, WEIGHINGS) == [("C1", DAY, 20.0), ("C2", NEXT, 21.5)]


@pytest.mark.engines
def test_a_day_made_again_without_rows_is_empty(weighings, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {}))
    replace(weighings, run=Run.start()).write(WEIGHINGS, (DAY,), given(WEIGHINGS))
    assert rows_of(weighings, WEIGHINGS) == []


def test_rows_of_a_day_that_was_not_asked_for_are_refused(weighings, given):
    with pytest.raises(ContractError, match="2026-11-21"):
        weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {"production_day": NEXT}))
    assert weighings.run.written == []


@pytest.mark.engines
def test_a_day_that_breaks_a_blocking_promise_keeps_what_it_had(weighings, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {"coil_id": "C1"}))
    broken = given(WEIGHINGS, {"coil_id": "C1", "mass_t": 0.0}, {"coil_id": "C2", "production_day": NEXT})

    again = replace(weighings, run=Run.start())
    again.write(WEIGHINGS, (DAY, NEXT), broken)

    assert rows_of(weighings, WEIGHINGS) == [("C1", DAY, 21.5), ("C2", NEXT, 21.5)]
    [written] = again.run.written
    assert (written.published, written.blocked) == ((NEXT,), (DAY,))
    [finding] = [f for f in written.findings if f.rows_broken]
    assert (finding.check.promise, finding.rows_broken) == ("A coil weighs something.", 1)
    assert "coil_id C1" in finding.examples


@pytest.mark.engines
def test_a_key_twice_blocks_its_day(weighings, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {"coil_id": "C1"}, {"coil_id": "C1", "mass_t": 3.0}))
    [written] = weighings.run.written
    assert written.blocked == (DAY,)


@pytest.mark.engines
def test_a_value_beyond_a_plausible_limit_is_published_and_counted(weighings, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {"mass_t": 600.0}))
    [written] = weighings.run.written
    [finding] = [f for f in written.findings if f.rows_broken]
    assert (written.published, finding.check.severity) == ((DAY,), Severity.WARN)


@pytest.mark.engines
def test_a_read_gives_the_declared_window_and_nothing_else(weighings, masses, given):
    days = [DAY + timedelta(days=n) for n in range(6)]
    weighings.write(
        WEIGHINGS,
        tuple(days),
        given(WEIGHINGS, *({"coil_id": f"C{n}", "production_day": d} for n, d in enumerate(days))),
    )

    read = masses.read(WEIGHINGS, (days[1], days[5]))

    assert sorted(row.coil_id for row in read.collect()) == ["C0", "C1", "C4", "C5"]


def test_a_read_that_was_not_declared_is_refused(weighings):
    with pytest.raises(ContractError, match="mart/masses was asked for"):
        weighings.read(MASSES, (DAY,))


@pytest.mark.engines
def test_a_table_never_made_reads_as_empty(masses):
    assert masses.read(WEIGHINGS, (DAY,)).collect() == []


def test_a_missing_field_is_named(given):
    with pytest.raises(ContractError, match="mass_t"):
        conform(given(WEIGHINGS, {}).drop("mass_t"), WEIGHINGS)


@pytest.mark.engines
def test_a_field_that_a_contract_gained_is_empty_in_older_rows(weighings, masses, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {}))
    scale = Field("scale", "string", "Scale that weighed it.", "W1", required=False)
    grown = replace(WEIGHINGS, fields=(*WEIGHINGS.fields, scale))
    reader = replace(masses, making=replace(MASSES, made_from=(Input(grown),)))

    assert reader.read(grown, (DAY,)).collect()[0].scale is None
    replace(weighings, making=grown, run=Run.start()).write(
        grown, (NEXT,), given(grown, {"production_day": NEXT})
    )
    assert reader.read(grown, (NEXT,)).collect()[0].scale == "W1"


def test_a_field_that_changed_its_type_is_refused(weighings, given):
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {}))
    text = replace(MASS_T, type="string")
    changed = replace(WEIGHINGS, fields=(COIL_ID, WEIGHED_AT, text, PRODUCTION_DAY))
    with pytest.raises(LakeError, match="mass_t"):
        publish(weighings.settings.lake, changed, [], {DAY}, {})


def test_a_commit_says_who_wrote_it_and_from_what(masses, given):
    masses.write(MASSES, (DAY,), given(MASSES, {}))
    [last, *_] = DeltaTable(table_uri(masses.settings.lake, MASSES)).history(1)
    assert last["run_id"] == masses.run.run_id
    assert last["inputs"] == "core/weighings"


def test_a_file_reaches_to_the_latest_time_of_its_rows(weighings, given):
    latest = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
    weighings.write(WEIGHINGS, (DAY,), given(WEIGHINGS, {}, {"coil_id": "C2", "weighed_at": latest}))
    files = current_files(weighings.settings.lake, WEIGHINGS)
    assert [file.rows for file in files] == [2]
    assert reaches_to_at(weighings.settings.lake, WEIGHINGS, files) == latest
