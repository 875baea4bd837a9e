"""One file read: each of its rows is kept, quarantined or a duplicate, whatever the file looks like."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.delivery import connect, read_delivery
from jobs.lake import delta
from jobs.lake.rewriting import batches_of
from jobs.landing import content_hashes, look
from jobs.outcomes import GROWING, Plan
from jobs.settings import Settings
from jobs.staging import StagingError
from pipelines.raw.rows import Arrival
from schemas.core.cell_faults import CORE_CELL_FAULTS
from schemas.core.quarantine import CORE_QUARANTINE

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
COILS = "coil_id;line;coiled_at;mass_t\n"
READINGS = "slab_id;sampled_at;top_zone_temp_c\n"


class Delivered:
    """One file in a landing folder of its own, read."""

    def __init__(self, folder, name, content, toml=None):
        path = folder / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if toml:
            (path.parent / "source.toml").write_text(toml)
        self.mill = Settings.from_environment({"COILMART_HOME": str(folder), "COILMART_SETTLE_S": "0"})
        landing = look(self.mill)
        assert not landing.problems
        (self.file,) = landing.files
        digest = content_hashes(landing.files)[0][self.file.source_file]
        arrival = Arrival("d1", self.file.source_file, NOW, date(2026, 11, 20), "UTC", 6)
        self.plan = Plan(self.file, self.file.feeds[0], digest, arrival, self.mill.lake, "run")
        self.outcome = read_delivery(self.plan, connect(1))

    def rows(self, table=None):
        table = table or self.plan.table
        files = self.outcome.files.get(table.path, [])
        return [row for f in files for b in batches_of(self.mill.lake, table, f) for row in b.to_pylist()]

    @property
    def quarantined(self):
        return sorted(
            (row["row_number"], row["line_no"], row["reason"]) for row in self.rows(CORE_QUARANTINE)
        )

    @property
    def counts(self):
        o = self.outcome
        return o.rows_read, o.rows_kept, o.rows_quarantined, o.rows_duplicate


@pytest.fixture
def delivered(tmp_path):
    return lambda *args, **kwargs: Delivered(tmp_path, *args, **kwargs)


def test_a_clean_file_is_kept_row_by_row_with_its_place(delivered):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21.5\nC2;HSM;2026-11-20T05:59:00Z;\n")
    assert csv.counts == (2, 2, 0, 0)
    first, second = sorted(csv.rows(), key=lambda row: row["row_number"])
    assert (first["coil_id"], first["mass_t"], first["row_number"]) == ("C1", 21.5, 1)
    assert (first["source_file"], first["ingested_at"], first["superseded_at"]) == ("coils/a.csv", NOW, None)
    # The day starts at 6 o'clock.
    assert (first["production_day"], second["production_day"]) == (date(2026, 11, 20), date(2026, 11, 19))
    assert second["mass_t"] is None


def test_a_bad_cell_of_an_entity_costs_the_row(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21.5t\n\nC2;HSM;2026-11-20T08:30:00Z;71\n"
    )
    assert csv.counts == (2, 0, 2, 0)
    assert csv.quarantined == [
        (1, 2, "mass_t: '21.5t' is not a number."),
        (2, 4, "mass_t: 71.0 is above 60 t, the most that can be."),
    ]
    assert csv.rows(CORE_QUARANTINE)[0]["original"] == "C1;HSM;2026-11-20T08:30:00Z;21.5t"
    assert csv.rows(CORE_QUARANTINE)[0]["column_name"] == "mass_t"


def test_a_bad_cell_of_a_reading_costs_the_cell(delivered):
    csv = delivered("furnace_readings/a.csv", READINGS + "S1;2026-11-20T08:30:00Z;-999\n")
    assert csv.counts == (1, 1, 0, 0)
    assert csv.rows()[0]["top_zone_temp_c"] is None
    (fault,) = csv.rows(CORE_CELL_FAULTS)
    assert fault == {
        "delivery_id": "d1",
        "table_path": "raw/furnace_readings",
        "source_file": "furnace_readings/a.csv",
        "row_number": 1,
        "column_name": "top_zone_temp_c",
        "reason": "-999.0 is below -40 °C, the least that can be.",
        "original": "-999",
        "production_day": date(2026, 11, 20),
    }


@pytest.mark.parametrize("row", [";2026-11-20T08:30:00Z;1", "S1;;1", "S1;2026-02-30T08:30:00Z;1"])
def test_a_reading_without_key_or_time_is_quarantined(delivered, row):
    assert delivered("furnace_readings/a.csv", f"{READINGS}{row}\n").counts == (1, 0, 1, 0)


def test_numbers_that_are_none_are_faults(delivered):
    table = pa.table(
        {
            "slab_id": ["S1"] * 4,
            "sampled_at": pa.array([NOW.replace(minute=m) for m in range(4)], pa.timestamp("ms", "UTC")),
            "top_zone_temp_c": [float("nan"), float("inf"), None, 1250.0],
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    parquet = delivered("furnace_readings/a.parquet", sink.getvalue().to_pybytes())
    assert parquet.counts == (4, 4, 0, 0)
    assert [row["top_zone_temp_c"] for row in parquet.rows()] == [None, None, None, 1250.0]
    reasons = [row["reason"] for row in parquet.rows(CORE_CELL_FAULTS)]
    assert reasons == ["'nan' is not a finite number.", "'inf' is not a finite number."]


def test_a_row_that_cannot_be_taken_apart_is_quarantined_with_its_text(delivered):
    text = (
        COILS
        + 'C1;HSM;2026-11-20T08:30:00Z\n"C2;HSM;2026-11-20T08:30:00Z;1\nC3;HSM;2026-11-20T08:30:00Z;1;1\n'
    )
    csv = delivered("coils/a.csv", text + "C4;HSM;2026-11-20T08:30:00Z;1\n")
    assert csv.counts == (4, 1, 3, 0)
    assert csv.quarantined == [
        (1, 2, "The row has 3 cells where the header has 4."),
        (2, 3, "A quote is opened and not closed."),
        (3, 4, "The row has 5 cells where the header has 4."),
    ]
    assert csv.rows()[0]["row_number"] == 4


def test_a_character_of_another_encoding_costs_its_row(delivered):
    text = (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode() + b"C\xe4;HSM;2026-11-20T08:30:00Z;1\n"
    assert delivered("coils/a.csv", text).quarantined == [
        (2, 3, "Byte 0xe4 at place 2 of the line is not utf-8.")
    ]


def test_a_file_of_windows_1252_is_read_as_such_and_says_so(delivered):
    csv = delivered("coils/a.csv", (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode("cp1252"))
    assert csv.rows()[0]["coil_id"] == "Cä"
    assert csv.outcome.message == "Read with encoding cp1252."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_how_a_file_is_written(delivered, encoding):
    csv = delivered("coils/a.csv", (COILS + "Cä;HSM;2026-11-20T08:30:00Z;1\n").encode(encoding))
    assert csv.rows()[0]["coil_id"] == "Cä"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_finds_the_fields(delivered, separator):
    row = "C1;HSM;2026-11-20T08:30:00Z;1\n"
    assert delivered("coils/a.csv", (COILS + row).replace(";", separator)).counts == (1, 1, 0, 0)


def test_a_decimal_comma_is_seen_where_no_number_has_a_point(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21,5\nC2;HSM;2026-11-20T08:30:00Z;1\n"
    )
    assert [row["mass_t"] for row in csv.rows()] == [21.5, 1.0]
    assert csv.outcome.message == "Read with decimal comma."


def test_points_and_commas_in_one_file_are_not_guessed(delivered):
    csv = delivered(
        "coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;21,5\nC2;HSM;2026-11-20T08:30:00Z;1.5\n"
    )
    assert csv.quarantined == [(1, 2, "mass_t: '21,5' is not a number.")]


def test_a_new_column_is_kept_and_named(delivered):
    csv = delivered("coils/a.csv", "coil_id;line;coiled_at;Haspel\nC1;HSM;2026-11-20T08:30:00Z;2\n")
    assert dict(csv.rows()[0]["attributes"]) == {"Haspel": "2"}
    assert csv.outcome.unknown_columns == ["Haspel"]


def test_a_column_that_every_row_needs_is_missed_by_name(delivered):
    csv = delivered("coils/a.csv", "coil;line;coiled_at\nC1;HSM;2026-11-20T08:30:00Z\n")
    assert (csv.outcome.status, csv.counts) == ("unreadable", (0, 0, 0, 0))
    assert csv.outcome.message == (
        "raw/coils promises coil_id in every row, but the file has no column 'coil_id', only coil, line, "
        "coiled_at; deliver that column, or mend the map."
    )


@pytest.mark.parametrize(
    "content", ["", COILS, COILS + "\n\n"], ids=["no byte", "header only", "blank lines"]
)
def test_a_file_without_rows_is_empty(delivered, content):
    empty = delivered("coils/a.csv", content)
    assert (empty.outcome.status, empty.counts) == ("empty", (0, 0, 0, 0))


def a_parquet_file():
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"coil_id": ["C1"], "line": ["HSM"], "coiled_at": [NOW]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv.gz", gzip.compress((COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n" * 9999).encode())[:-9]),
        ("a.parquet", a_parquet_file()[:-20]),
        ("a.parquet", b"no Parquet at all"),
        ("a.xlsx", b"PK"),
        ("a.csv", "coil_id;coil_id;line;coiled_at\n1;2;3;4\n"),
        ("a.csv", b"\x00\xff" * 999),
        ("a.csv", b"x" * 200_000),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_gives_no_row_at_all(delivered, name, content):
    broken = delivered(f"coils/{name}", content)
    assert (broken.outcome.status, broken.counts, broken.outcome.files) == ("unreadable", (0, 0, 0, 0), {})
    assert broken.outcome.message.endswith(".")
    assert not list(Path(broken.plan.lake).rglob("*.parquet"))


@pytest.mark.parametrize(("ending", "codec"), [("gz", "gzip"), ("zst", "zstd")])
def test_a_file_that_is_packed_is_read(delivered, ending, codec):
    packed = pa.compress((COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n").encode(), codec, asbytes=True)
    assert delivered(f"coils/a.csv.{ending}", packed).counts == (1, 1, 0, 0)


def test_json_lines_are_read_line_by_line(delivered):
    rows = [
        {"coil_id": "C1", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z", "mass_t": 21.5, "Haspel": 2},
        {"coil_id": "C2", "line": "HSM", "coiled_at": "2026-11-20T08:30:00Z", "rolls": {"F7": "WR-1"}},
    ]
    text = "\n".join([json.dumps(rows[0]), "", '{"coil_id": "C3"', "[1]", json.dumps(rows[1])])
    lines = delivered("coils/a.jsonl", text)
    assert lines.counts == (4, 2, 2, 0)
    first, second = lines.rows()
    assert (first["mass_t"], dict(first["attributes"]), first["row_number"]) == (21.5, {"Haspel": "2"}, 1)
    assert (dict(second["rolls"]), second["attributes"], second["row_number"]) == ({"F7": "WR-1"}, None, 4)
    assert lines.quarantined == [(n, n + 1, "The line is not one whole JSON object.") for n in (2, 3)]


def test_a_parquet_row_is_quarantined_as_json(delivered, tmp_path):
    table = pa.table({"coil_id": ["C1"], "line": ["HSM"], "coiled_at": [NOW], "mass_t": [71]})
    pq.write_table(table, tmp_path / "a.parquet")
    parquet = delivered("coils/a.parquet", (tmp_path / "a.parquet").read_bytes())
    (row,) = parquet.rows(CORE_QUARANTINE)
    assert json.loads(row["original"]) == {
        "coil_id": "C1",
        "line": "HSM",
        "coiled_at": "2026-11-21 03:00:00+00:00",
        "mass_t": 71,
    }
    assert row["line_no"] is None


def test_a_key_twice_with_equal_content_is_a_duplicate_and_the_first_stays(delivered):
    row = "S1;2026-11-20T08:30:00Z;{}\n"
    csv = delivered(
        "furnace_readings/a.csv",
        READINGS + row.format(-999) + "S2;2026-11-20T08:30:00Z;1\n" + row.format(-999),
    )
    assert csv.counts == (3, 2, 0, 1)
    assert [r["row_number"] for r in csv.rows()] == [1, 2]
    # What is said of the duplicate's cells went with it.
    assert [r["row_number"] for r in csv.rows(CORE_CELL_FAULTS)] == [1]


def test_a_key_twice_with_different_content_is_quarantined_all_of_it(delivered):
    row = "S1;2026-11-20T08:30:00Z;{}\n"
    csv = delivered("furnace_readings/a.csv", READINGS + row.format(1) + row.format(2) + row.format(1))
    reason = (
        "slab_id S1, sampled_at 2026-11-20 08:30:00+00 occurs 3 times in this file, with different content."
    )
    assert csv.counts == (3, 0, 3, 0)
    assert csv.quarantined == [(n, n + 1, reason) for n in (1, 2, 3)]
    assert [r["original"] for r in csv.rows(CORE_QUARANTINE)][1] == "S1;2026-11-20T08:30:00Z;2"


def test_nothing_is_taken_of_a_file_that_grows_while_it_is_read(delivered, monkeypatch):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n")
    with csv.file.path.open("a") as more:
        more.write("C2;HSM;2026-11-20T08:30:00Z;1\n")
    again = read_delivery(csv.plan, connect(1))
    assert (again.status, again.rows_read, again.files) == (GROWING, 0, {})


FURNACE = """
time_zone = "Europe/Vienna"
[[table]]
table = "furnace_readings"
files = "*.csv"
[table.columns]
slab_id = "Bramme"
sampled_at = { column = "Zeit", format = "%d.%m.%Y %H:%M:%S" }
top_zone_temp_c = { column = "Oben", unit = "degF" }
"""


def test_foreign_files_are_read_by_their_map(delivered):
    text = "Ofen 1\nBramme;Zeit;Oben;Unten\n;;°F;°F\nS1;20.11.2026 09:30:00;2282,0;2264,0\n"
    toml = FURNACE + "[table.format]\nskip_lines = 1\nskip_after_header = 1\n"
    csv = delivered("ofen/a.csv", text.encode("cp1252"), toml)
    assert csv.counts == (1, 1, 0, 0)
    (row,) = csv.rows()
    assert (row["slab_id"], row["sampled_at"]) == ("S1", NOW.replace(day=20, hour=8, minute=30))
    assert row["top_zone_temp_c"] == pytest.approx(1250.0)
    assert dict(row["attributes"]) == {"Unten": "2264,0"}
    assert csv.outcome.unknown_columns == ["Unten"]


def test_a_file_without_header_has_the_names_of_its_map(delivered):
    toml = FURNACE + '[table.format]\nheader = false\nnames = ["Bramme", "Zeit", "Oben"]\n'
    csv = delivered("ofen/a.csv", "\ufeffS1\t20.11.2026 09:30:00\t2282.0\n", toml)
    assert (csv.counts, csv.rows()[0]["slab_id"]) == ((1, 1, 0, 0), "S1")


@pytest.mark.parametrize(
    ("attributes", "kept", "message"),
    [
        ("true", {"Unten": "1", "Mitte": "2"}, None),
        ("false", None, None),
        ('["Mitte"]', {"Mitte": "2"}, "Not kept, since attributes does not list it: Unten."),
    ],
)
def test_a_map_says_which_other_columns_are_kept(delivered, attributes, kept, message):
    text = "Bramme;Zeit;Oben;Unten;Mitte\nS1;20.11.2026 09:30:00;2282;1;2\n"
    toml = FURNACE.replace("[table.columns]", f"attributes = {attributes}\n[table.columns]")
    csv = delivered("ofen/a.csv", text, toml)
    found = csv.rows()[0]["attributes"]
    assert (found and dict(found), csv.outcome.message) == (kept, message)
    assert csv.outcome.unknown_columns == list(kept or ())


def test_a_column_that_a_map_names_and_the_file_lacks_is_told(delivered):
    csv = delivered("ofen/a.csv", "Bramme;Zeit\nS1;20.11.2026 09:30:00\n", FURNACE)
    assert (csv.counts, csv.outcome.message) == ((1, 1, 0, 0), "There is no column Oben.")


def test_columns_that_differ_in_case_only_are_two(delivered):
    toml = FURNACE.replace('"Bramme"', '"id"')
    csv = delivered("ofen/a.csv", "ID;id;Zeit;Oben\nx;S1;20.11.2026 09:30:00;2282\n", toml)
    assert (csv.rows()[0]["slab_id"], dict(csv.rows()[0]["attributes"])) == ("S1", {"ID": "x"})


WIDE = """
time_zone = "UTC"
[[table]]
table = "roll_changes"
files = "*.csv"
[table.rows]
columns = ["F? *"]
name = "place"
value = "roll"
[table.columns]
stand = "stand"
changed_at = "time"
position = { column = "place", values = { "F1 top" = "top work", "F1 bottom" = "bottom work" } }
roll_in_id = "roll"
[table.constants]
line = "HSM"
"""


def test_wide_columns_become_long_rows(delivered):
    text = (
        "time;stand;F1 top;F1 bottom;F9 x\n2026-11-20 08:00;F1;W1;;\n2026-11-20\n2026-11-20 09:00;F1;W3;W4;\n"
    )
    csv = delivered("rolls/a.csv", text, WIDE)
    kept = [(row["row_number"], row["position"], row["roll_in_id"]) for row in csv.rows()]
    assert kept == [
        (1, "top work", "W1"),
        (2, "bottom work", None),
        (7, "top work", "W3"),
        (8, "bottom work", "W4"),
    ]
    unknown = "position: 'F9 x' is not among the values that source.toml knows."
    assert csv.quarantined == [
        (3, 2, unknown),
        (4, 3, "The row has 1 cell where the header has 5."),
        (9, 4, unknown),
    ]


def test_measurements_within_limits_go_as_they_are_beside_those_that_do_not(delivered, tmp_path):
    table = {
        "slab_id": ["S1", "S2"],
        "sampled_at": [NOW, NOW],
        "top_zone_temp_c": [1250.0, None],
        "bottom_zone_temp_c": [-40.0, 1500.5],
        "core_temp_c": [1500.0, 20.0],
    }
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    parquet = delivered("furnace_readings/a.parquet", (tmp_path / "a.parquet").read_bytes())
    temps = [[row[name] for name in list(table)[2:]] for row in parquet.rows()]
    assert temps == [[1250.0, -40.0, 1500.0], [None, None, 20.0]]
    assert [row["original"] for row in parquet.rows(CORE_CELL_FAULTS)] == ["1500.5"]


CELLS = st.one_of(
    st.sampled_from(
        ["C1", "C2", "HSM", "2026-11-20T08:30:00Z", "2026-11-20 08:30", "20.11.2026", "2026-02-30T00:00:00Z"]
    ),
    st.sampled_from(
        ["1", "2.5", "2,5", "-999", "nan", "inf", "1e999", "", "n/a", "NULL", " x ", "true", "9" * 40, "1_0"]
    ),
    st.sampled_from(
        ['"', '""', '"a;b"', '"a\nb"', "'", "\r", "\\", "\x00", "ä", "{", '{"a": 1}', "infinity", "epoch"]
    ),
    st.text(max_size=6),
)


def test_a_lake_that_cannot_be_written_is_not_the_files_fault(delivered, monkeypatch):
    csv = delivered("coils/a.csv", COILS + "C1;HSM;2026-11-20T08:30:00Z;1\n")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(delta, "stage_batches", full)
    with pytest.raises(StagingError, match="No space left on device"):
        read_delivery(csv.plan, connect(1))


PLAUSIBLE = {
    "coil_id": ["C1", "C2", "C3"],
    "line": ["HSM"],
    "coiled_at": ["2026-11-20T08:30:00Z", "2026-11-20T09:30:00+02:00"],
    "mass_t": ["21.5", ""],
    "sequence_no": ["1", "2.0", ""],
    "rolls": ["", '{"F7": "WR-1"}'],
    "Haspel": ["", "2"],
}
NAMES = list(PLAUSIBLE)
ENTITIES = st.lists(
    st.tuples(*(st.sampled_from(cells * 4) | CELLS for cells in PLAUSIBLE.values())), max_size=8
)
NO_WAIT = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_the_law(tmp_path_factory, name, content):
    result = Delivered(tmp_path_factory.mktemp("law"), name, content)
    outcome = result.outcome
    assert outcome.rows_read == outcome.rows_kept + outcome.rows_quarantined + outcome.rows_duplicate
    assert outcome.rows_kept == len(result.rows())
    assert outcome.rows_quarantined == len(result.rows(CORE_QUARANTINE))
    places = [row["row_number"] for row in (*result.rows(), *result.rows(CORE_QUARANTINE))]
    assert len(places) == len(set(places)) and set(places) <= set(range(1, outcome.rows_read + 1))
    assert all(row["production_day"] for row in result.rows())
    return result


@NO_WAIT
@given(rows=ENTITIES, cut=st.integers(0, 3), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_law_holds_for_any_csv(tmp_path_factory, rows, cut, end):
    lines = [
        ";".join(NAMES),
        *(";".join(row[: 7 - cut] if no % 3 == 2 else row) for no, row in enumerate(rows)),
    ]
    check_the_law(tmp_path_factory, "coils/a.csv", end.join(lines).encode("utf-8", "replace"))


@NO_WAIT
@given(garbage=st.binary(max_size=200), header=st.booleans())
def test_the_law_holds_for_any_bytes(tmp_path_factory, garbage, header):
    for name in ("a.csv", "a.jsonl", "a.parquet", "a.csv.gz"):
        start = (";".join(NAMES) + "\n").encode() if header else b""
        check_the_law(tmp_path_factory, f"coils/{name}", start + garbage)


VALUES = CELLS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers(), max_size=2)
OBJECTS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(cells * 4) | VALUES for name, cells in PLAUSIBLE.items()}
)


@NO_WAIT
@given(rows=st.lists(OBJECTS, max_size=8), torn=st.booleans())
def test_the_law_holds_for_any_json_lines(tmp_path_factory, rows, torn):
    lines = [json.dumps(row) for row in rows]
    if torn and lines:
        lines[0] = lines[0][:-1]
    read = check_the_law(tmp_path_factory, "coils/a.jsonl", "\n".join(lines))
    assert read.outcome.rows_read == len(rows)


COLUMNS = [
    pa.array(["C1", None, "C2", ""]),
    pa.array([1, 2, None, 2**62]),
    pa.array([1.5, float("nan"), float("-inf"), None]),
    pa.array([True, False, None, True]),
    pa.array([NOW, None, NOW.replace(hour=4), NOW], pa.timestamp("ns", "UTC")),
    pa.array([NOW.replace(tzinfo=None)] * 4, pa.timestamp("us")),
    pa.array([date(2026, 11, 20), None, date(1, 1, 1), date(9999, 12, 31)]),
    pa.array([datetime(1, 1, 1), datetime(9999, 12, 31), None, NOW], pa.timestamp("us", "UTC")),
    pa.array([{"a": 1}, None, {"a": 2}, {"a": None}]),
    pa.array([[1], [], None, [2]]),
    pa.array(["a", "b", "a", None]).dictionary_encode(),
    pa.array([b"\xff", b"a", None, b""]),
    pa.array([1, 2, None, 10**20], pa.decimal128(38, 2)),
    pa.nulls(4),
]
KEPT = {"coil_id": COLUMNS[0], "line": pa.array(["HSM"] * 4), "coiled_at": pa.array([NOW] * 4)}


@NO_WAIT
@given(
    columns=st.dictionaries(st.sampled_from([*NAMES, *("thickness_mm", "shift")]), st.sampled_from(COLUMNS))
)
def test_the_law_holds_for_any_parquet(tmp_path_factory, columns):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(KEPT | columns), sink)
    read = check_the_law(tmp_path_factory, "coils/a.parquet", sink.getvalue().to_pybytes())
    assert read.outcome.rows_read == 4, read.outcome.message
