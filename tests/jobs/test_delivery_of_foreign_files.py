"""Foreign files, read by their map."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.core.cell_faults import CORE_CELL_FAULTS
from tests.jobs.delivered import NOW

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
