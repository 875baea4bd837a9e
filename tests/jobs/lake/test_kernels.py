"""A kernel gets every key with all its rows, however they lie in files, and its rows are published as any."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.core import coil_segments as job
from jobs.lake import delta
from jobs.lake.hands import deal
from jobs.lake.kernels import Readings, write_by_kernel
from jobs.lake.lake import ContractError
from jobs.lake.queries import open_lake
from jobs.lake.wholes import wholes
from jobs.run import Run
from schemas.core.coil_segments import CORE_COIL_SEGMENTS
from schemas.core.coils import CORE_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

DAY = date(2026, 11, 20)
BEGIN = datetime(2026, 11, 20, 8, tzinfo=UTC)


def reading(coil_id, at_s, length_m, finishing_temp_c=880.0, **others):
    row = {"coil_id": coil_id, "sampled_at": BEGIN + timedelta(seconds=at_s), "length_m": length_m}
    return row | {"finishing_temp_c": finishing_temp_c} | others


@pytest.fixture
def delivered(lake, publish):
    """Readings as one file of the lake."""
    return lambda *rows: publish(lake.settings.lake, RAW_FINISHING_READINGS, *rows)


@pytest.fixture
def rolled(lake, publish):
    return lambda *rows: publish(lake.settings.lake, CORE_COILS, *rows)


def hands(lake, keys, hands_n):
    files = delta.current_files(lake.settings.lake, RAW_FINISHING_READINGS)
    return deal(lake.settings.lake, RAW_FINISHING_READINGS, files, "coil_id", keys, hands_n)


def lengths(lake, hand):
    read = wholes(lake.settings.lake, RAW_FINISHING_READINGS, ["sampled_at", "length_m"], hand)
    return {key: rows["length_m"].to_pylist() for key, rows in read}


def segments(lake, columns="coil_id, segment_no, finishing_temp_c.n, finishing_temp_c.mean"):
    query = f"select {columns} from core.coil_segments order by coil_id, segment_no"
    return open_lake(lake.settings.lake).sql(query).fetchall()


def test_a_coil_in_two_files_is_read_whole_and_in_the_order_of_time(lake, delivered):
    delivered(reading("C1", 3, 3.0), reading("C1", 4, 4.0), reading("C2", 5, 0.5))
    delivered(reading("C1", 1, 1.0), reading("C1", 2, 2.0))
    [hand] = hands(lake, {"C1", "C2"}, 1)
    assert lengths(lake, hand) == {"C1": [1.0, 2.0, 3.0, 4.0], "C2": [0.5]}


def test_rows_of_coils_that_were_rolled_at_once_come_apart(lake, delivered):
    delivered(*(reading(f"C{no % 2}", no, float(no)) for no in range(6)))
    [hand] = hands(lake, {"C0", "C1"}, 1)
    assert lengths(lake, hand) == {"C0": [0.0, 2.0, 4.0], "C1": [1.0, 3.0, 5.0]}


def test_readings_that_were_late_take_their_place_in_time(lake, delivered):
    delivered(reading("C1", 1, 1.0), reading("C1", 3, 3.0))
    delivered(reading("C1", 2, 2.0))
    [hand] = hands(lake, {"C1"}, 1)
    assert lengths(lake, hand) == {"C1": [1.0, 2.0, 3.0]}


def test_superseded_readings_are_left_out(lake, delivered):
    delivered(reading("C1", 1, 1.0, superseded_at=BEGIN), reading("C1", 1, 1.5))
    [hand] = hands(lake, {"C1"}, 1)
    assert lengths(lake, hand) == {"C1": [1.5]}


def test_coils_that_were_not_asked_for_are_not_read(lake, delivered):
    delivered(reading("C1", 1, 1.0), reading("C2", 2, 2.0))
    [hand] = hands(lake, {"C2"}, 1)
    assert lengths(lake, hand) == {"C2": [2.0]}


def test_every_coil_is_dealt_to_one_hand_and_hands_are_of_one_size(lake, delivered):
    for hour in range(3):
        delivered(*(reading(f"C{no // 10}", no, no) for no in range(hour * 25, hour * 25 + 25)))
    dealt = [lengths(lake, hand) for hand in hands(lake, {f"C{no}" for no in range(8)}, 2)]
    assert [sorted(hand) for hand in dealt] == [["C0", "C1", "C2", "C3"], ["C4", "C5", "C6", "C7"]]
    assert sum(map(len, dealt[0].values())) == 40


def test_more_hands_than_coils_leave_hands_empty(lake, delivered):
    delivered(reading("C1", 1, 1.0))
    dealt = hands(lake, {"C1"}, 3)
    assert len(dealt) == 3 and sum(map(bool, dealt)) == 1


def test_row_groups_do_not_matter(lake, monkeypatch):
    monkeypatch.setattr("jobs.lake.day_file.ROWS_A_GROUP", 3)
    example = {field.name: field.example for field in RAW_FINISHING_READINGS.fields}
    rows = [example | reading(f"C{no // 4}", no, no) for no in range(10)]
    batches = pa.Table.from_pylist(rows, delta.arrow_schema(RAW_FINISHING_READINGS)).to_batches(3)
    staged = delta.stage_batches(lake.settings.lake, RAW_FINISHING_READINGS, "run", batches)
    delta.publish(lake.settings.lake, RAW_FINISHING_READINGS, staged, set(), {})
    [hand] = hands(lake, {"C0", "C2"}, 1)
    assert lengths(lake, hand) == {"C0": [0, 1, 2, 3], "C2": [8, 9]}


def test_small_batches_make_one_row_group_and_many_make_several(lake, monkeypatch):
    monkeypatch.setattr("jobs.lake.day_file.ROWS_A_GROUP", 4)
    example = {field.name: field.example for field in RAW_FINISHING_READINGS.fields}
    rows = [example | reading("C1", no, no) for no in range(10)]
    batches = pa.Table.from_pylist(rows, delta.arrow_schema(RAW_FINISHING_READINGS)).to_batches(2)
    root = lake.settings.lake
    [staged] = delta.stage_batches(root, RAW_FINISHING_READINGS, "run", batches)
    footer = pq.read_metadata(f"{delta.table_uri(root, RAW_FINISHING_READINGS)}/{staged.path}")
    assert [footer.row_group(no).num_rows for no in range(footer.num_row_groups)] == [4, 4, 2]


@pytest.mark.parametrize("rows_at_once", [1, 3, 1_000])
def test_batches_do_not_matter(lake, delivered, monkeypatch, rows_at_once):
    monkeypatch.setattr("jobs.lake.wholes.ROWS_AT_ONCE", rows_at_once)
    delivered(*(reading(f"C{no // 5}", no, no) for no in range(10)))
    [hand] = hands(lake, {"C0", "C1"}, 1)
    assert lengths(lake, hand) == {"C0": [0, 1, 2, 3, 4], "C1": [5, 6, 7, 8, 9]}


@pytest.mark.engines
def test_segments_are_made_from_files_of_two_days(lake, delivered, rolled):
    rolled({"coil_id": "C1", "length_m": 2.5}, {"coil_id": "C2", "length_m": 1.0})
    before = [reading("C1", no, no / 4, 870.0, production_day=DAY - timedelta(days=1)) for no in (0, 1)]
    delivered(*before)
    delivered(*(reading("C1", no, no / 4, 880.0 if no < 4 else None) for no in range(2, 9)))
    delivered(reading("C1", 9, 2.25, 890.0))

    making = lake.for_table(CORE_COIL_SEGMENTS)
    job.main(making, (DAY,))

    assert segments(lake) == [
        ("C1", 0, 4, 875.0),
        ("C1", 1, 0, None),
        ("C1", 2, 1, 890.0),
        ("C2", 0, 0, None),
    ]
    [written] = lake.run.written
    assert written.published == (DAY,)
    # Nobody delivered a sensor here: the signal is taken at the length counter, and that is told.
    assert [(f.check.promise, f.rows_broken, f.blocks) for f in written.findings if f.rows_broken] == [
        ("Every signal's place is known.", 3, False)
    ]


@pytest.mark.engines
def test_segments_made_again_are_the_same_rows(lake, delivered, rolled):
    rolled({"coil_id": "C1", "length_m": 2.5})
    delivered(*(reading("C1", no, no / 10, 880.0 + no) for no in range(25)))
    job.main(lake.for_table(CORE_COIL_SEGMENTS), (DAY,))
    before = segments(lake, "*")
    job.main(replace(lake, making=CORE_COIL_SEGMENTS, run=Run.start()), (DAY,))
    assert segments(lake, "*") == before and len(before) == 3


def test_the_length_of_a_segment_is_a_setting(lake, delivered, rolled):
    rolled({"coil_id": "C1", "length_m": 5.0})
    delivered(reading("C1", 1, 1.0), reading("C1", 2, 4.0))
    longer = replace(lake, making=CORE_COIL_SEGMENTS, settings=replace(lake.settings, segment_m=2.0))
    job.main(longer, (DAY,))
    assert segments(lake, "from_m, to_m") == [(0.0, 2.0), (2.0, 4.0), (4.0, 5.0)]


def test_a_day_without_coils_has_no_segments(lake, delivered):
    delivered(reading("C1", 1, 1.0))
    job.main(lake.for_table(CORE_COIL_SEGMENTS), (DAY,))
    assert segments(lake) == []


def test_segments_with_a_gap_are_not_published(lake, delivered, rolled, monkeypatch):
    rolled({"coil_id": "C1", "length_m": 3.0})
    delivered(reading("C1", 1, 1.0))
    monkeypatch.setattr(job, "coil_segments", with_a_gap)
    job.main(lake.for_table(CORE_COIL_SEGMENTS), (DAY,))
    [written] = lake.run.written
    assert written.blocked == (DAY,)
    promise = "The first segment begins at the head and each one where the one before ends."
    [finding] = [found for found in written.findings if found.blocks]
    assert (finding.check.promise, finding.rows_broken) == (promise, 1)


def with_a_gap(strips, **known):
    from pipelines.core.coil_segments import coil_segments

    for batch in coil_segments(strips, **known):
        yield pa.concat_batches([batch.slice(0, 1), batch.slice(2)])


def test_a_kernel_is_kept_to_its_days(lake, delivered):
    delivered(reading("C1", 1, 1.0))
    read = Readings(RAW_FINISHING_READINGS, "coil_id", ("C1",), ("length_m",))
    making = lake.for_table(CORE_COIL_SEGMENTS)
    with pytest.raises(ContractError, match="rows of 2026-11-20 were made"):
        write_by_kernel(making, CORE_COIL_SEGMENTS, (DAY + timedelta(days=1),), read, of_another_day)
    assert making.run.written == []


def of_another_day(strips):
    for coil_id, _ in strips:
        example = {field.name: field.example for field in CORE_COIL_SEGMENTS.fields} | {"coil_id": coil_id}
        yield from pa.Table.from_pylist([example], delta.arrow_schema(CORE_COIL_SEGMENTS)).to_batches()
