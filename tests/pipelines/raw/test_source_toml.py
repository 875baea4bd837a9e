"""A source.toml becomes a map, or one sentence that says what is wrong with it."""

import pytest

from pipelines.raw.source_map import FieldMap, FileFormat, RowsFromColumns
from pipelines.raw.source_toml import source_map
from pipelines.raw.toml_section import SourceMapError

SCRAP = """
[[table]]
table = "scrap"
files = "*.csv"
[table.columns]
weighing_id = "Wiegung"
weighed_at = { column = "Zeit", format = "%d.%m.%Y %H:%M" }
scrap_kind = { column = "Art", values = { Kopf = "head crop" }, otherwise = "trim" }
mass_t = { column = "kg", unit = "kg", null_words = ["-1"] }
[table.constants]
line = "HSM"
"""


def test_what_a_map_says():
    source = source_map(
        'folder = "../x"\ntime_zone = "Europe/Vienna"\nnull_words = ["-"]\n' + SCRAP, "s.toml"
    )
    (scrap,) = source.tables
    assert (source.folder, scrap.table.path, scrap.files) == ("../x", "raw/scrap", "*.csv")
    assert (scrap.time_zone, scrap.null_words, scrap.ambiguous_hour) == (
        "Europe/Vienna",
        ("-",),
        "quarantine",
    )
    assert scrap.fields == {
        "weighing_id": FieldMap(("Wiegung",)),
        "line": FieldMap(constant="HSM"),
        "weighed_at": FieldMap(("Zeit",), formats=("%d.%m.%Y %H:%M",)),
        "scrap_kind": FieldMap(("Art",), values={"Kopf": "head crop"}, otherwise="trim"),
        "mass_t": FieldMap(("kg",), unit="kg", scale=0.001, null_words=("-1",)),
    }
    assert scrap.columns_read == ("Wiegung", "Zeit", "Art", "kg")


def test_a_format_is_shared_and_can_be_set_again():
    text = (
        '[format]\nseparator = ";"\ndecimal = ","\n' + SCRAP + '[table.format]\ndecimal = "."\nquote = ""\n'
    )
    (scrap,) = source_map(text, "s.toml").tables
    assert scrap.format == FileFormat(separator=";", decimal=".", quote="\x1f")


def test_constants_have_their_type():
    text = SCRAP.replace('line = "HSM"', 'line = "HSM"\nmaterial_id = "unknown"')
    assert source_map(text, "s.toml").tables[0].fields["material_id"].constant == "unknown"
    calendar = """
    [[table]]
    table = "raw/shift_calendar"
    files = "*"
    columns = { shift = "s", to_at = "to" }
    constants = { line = "HSM", is_planned = true, from_at = 2026-11-20T06:00:00Z }
    """
    fields = source_map(calendar, "s.toml").tables[0].fields
    assert (fields["is_planned"].constant, fields["from_at"].constant) == (
        "true",
        "2026-11-20T06:00:00+00:00",
    )


def test_wide_columns():
    text = SCRAP + '[table.rows]\ncolumns = ["F? top"]\nname = "place"\nvalue = "roll"\n'
    assert source_map(text, "s.toml").tables[0].rows_from_columns == RowsFromColumns(
        ("F? top",), "place", "roll"
    )


WRONG = [
    ("[[table]]", "[[tables]]", "'tables' was found; write 'table', or take it out."),
    ("[[table]]", "[table", "s.toml promises TOML, but Expected ']'"),
    (
        SCRAP,
        "folder = '.'",
        "s.toml promises raw tables, but it has no [[table]]; add one for each raw table.",
    ),
    (
        '"scrap"',
        '"scraps"',
        "[[table]] 1 of s.toml promises a raw table, but table = 'scraps' is none; write scrap.",
    ),
    (
        '"*.csv"',
        "1",
        "[[table]] 1 of s.toml promises a text in quotes for files, but 1 was found; write one.",
    ),
    ('"*.csv"', '""', 'promises files, but it names none; add files = "*.csv" or the like.'),
    ("weighing_id =", "weighing =", "'weighing' was found; write 'weighing_id', or take it out."),
    (
        'weighing_id = "Wiegung"',
        "",
        "promises weighing_id in every row, but it has neither a column nor a constant;",
    ),
    (
        'line = "HSM"',
        'line = "HSM"\nmass_t = 1',
        "promises one value for mass_t, but it has a column and a constant;",
    ),
    ('line = "HSM"', "line = 1", "promises a string for line, but 1 was found; write one."),
    (
        'unit = "kg"',
        'unit = "kN"',
        "promises t, but 'kN' does not convert to t; write the unit that the file has.",
    ),
    ('unit = "kg"', 'unit = "kgs"', "promises t, but 'kgs' is no unit that pint knows;"),
    ('unit = "kg"', 'unit = "ton"', "promises t, but 'ton' may be 907 kg (short_ton) or 1,000 kg (t);"),
    (
        'column = "Art"',
        'column = "Art", unit = "t"',
        "promises no unit, but unit = 't' was found; take it out.",
    ),
    ('format = "%d.%m.%Y %H:%M"', 'format = "%Q"', "promises a time as strptime reads it"),
    (
        'otherwise = "trim"',
        "format = '%Y'",
        "promises a string, which has no format, but format = '%Y' was found;",
    ),
    ('column = "kg"', 'colum = "kg"', "'colum' was found; write 'column', or take it out."),
    (
        'column = "kg"',
        'column = "kg", template = "{a}"',
        "promises one of column, template and duration, but",
    ),
    ('column = "kg"', 'template = "kg"', "promises columns in braces, but 'kg' has none; write such as"),
    ('column = "Zeit"', 'duration = "Zeit"', "promises a time a duration after another, but after = None;"),
    (
        'column = "Zeit"',
        'column = "Zeit", after = "x"',
        "promises a duration from another time, but after stands alone;",
    ),
    (
        'values = { Kopf = "head crop" }, ',
        "",
        'promises values = { theirs = "ours" }, but there are none; write them.',
    ),
    ('["-1"]', "[-1]", "promises texts for null_words, but [-1] was found; write each in quotes."),
    (
        "[[table]]",
        "time_zone = 'CET-1'\n[[table]]",
        "promises an IANA time zone, but time_zone = 'CET-1' is none;",
    ),
    (
        "[[table]]",
        "ambiguous_hour = 'x'\n[[table]]",
        "promises one of quarantine, earlier, later for ambiguous_hour,",
    ),
    (
        "[[table]]",
        "[format]\nheader = false\n[[table]]",
        "promises columns, but header = false without names was",
    ),
    ("[[table]]", "[format]\nthousands = '.'\n[[table]]", "but thousands and decimal are one character;"),
    (
        "[[table]]",
        "[format]\nseparator = ';;'\n[[table]]",
        "promises one character for separator, but ';;' was",
    ),
    (
        "[[table]]",
        "[format]\nencoding = 'ansi?'\n[[table]]",
        "promises a text encoding, but 'ansi?' is none;",
    ),
    (
        "[[table]]",
        "[format]\nskip_lines = -1\n[[table]]",
        "promises a whole number for skip_lines, but -1 was found;",
    ),
    (
        "[[table]]",
        "[format]\nkind = 'x'\n[[table]]",
        "promises one of csv, json lines, parquet for kind, but 'x' was",
    ),
    (
        "[table.constants]",
        "[table.rows]\nname = 'x'\n[table.constants]",
        "promises columns, name and value, but only name",
    ),
]


@pytest.mark.parametrize(("was", "is_", "message"), WRONG)
def test_what_is_wrong_is_one_sentence(was, is_, message):
    assert was in SCRAP
    with pytest.raises(SourceMapError) as error:
        source_map(SCRAP.replace(was, is_, 1), "s.toml")
    assert message in str(error.value)
    assert str(error.value).endswith(".") and "; " in str(error.value)
