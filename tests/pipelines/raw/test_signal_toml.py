"""A source may declare signals that no contract has; what cannot be one is told in one sentence."""

import pytest

from pipelines.raw.signal_toml import PlantSignals
from pipelines.raw.source_toml import source_map
from pipelines.raw.toml_section import SourceMapError

TOML = """
[[table]]
table = "TABLE"
files = "{coil}_*.csv"
[table.columns]
coil_id = "coil"
sampled_at = "at"
ENTRY
"""
OIL = 'f1_oil_bar = { column = "oil", unit = "MPa", meaning = "Oil.", minimum = 0, maximum = 400 }'


def mapped(entry=OIL, table="finishing_readings"):
    (table_map,) = source_map(
        TOML.replace("TABLE", table).replace("ENTRY", entry), "rolls/source.toml"
    ).tables
    return table_map


def test_a_declared_signal_is_a_field_of_the_table():
    signal = mapped().table.field("f1_oil_bar")
    assert (signal.type, signal.unit, signal.meaning) == ("double", "bar", "Oil.")
    assert (signal.minimum, signal.maximum, signal.required, signal.of_the_plant) == (0, 400, False, True)
    assert mapped().fields["f1_oil_bar"].scale == pytest.approx(10)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('f1_oil_bar = "oil"', "'f1_oil_bar' is none; declare a signal of your own with a meaning."),
        ('f1_force_kN = "F"', "'f1_force_kN' is none; write 'f1_force_kn', or declare"),
        (OIL.replace("f1_oil_bar", "f1_oil"), "'f1_oil' was found; end it in one of c, t, mm"),
        (OIL.replace("f1_oil_bar", "F1_oil_bar"), "'F1_oil_bar' was found; end it"),
        (OIL.replace("f1_oil_bar", "bar"), "'bar' was found; end it"),
        (OIL.replace("f1_oil_bar", "f1_force_kn"), "raw/finishing_readings has it; take out its meaning"),
        (OIL.replace('meaning = "Oil.", ', ""), 'it has only limits; add meaning = "..."'),
        (OIL.replace("minimum = 0", "minimum = 500"), "500 and 400 were found; mend them"),
        (OIL.replace("minimum = 0", "minimum = true"), "promises a number for minimum"),
        (OIL.replace("minimum = 0", "least = 0"), "'least' was found"),
    ],
)
def test_what_cannot_be_a_signal_is_told(entry, told):
    with pytest.raises(SourceMapError, match="rolls/source.toml promises") as error:
        mapped(entry)
    assert told in str(error.value)


def test_tables_without_readings_have_no_signals():
    with pytest.raises(SourceMapError, match="raw/cuts has no signals"):
        mapped(OIL, "cuts")


def test_two_meanings_of_one_signal_are_told_with_their_sources():
    signals = PlantSignals()
    signals.add("a", [mapped().table])
    signals.add("c", [mapped().table])
    with pytest.raises(SourceMapError, match="'Oil.' .* in a and 'Another oil.' .* in b"):
        signals.add("b", [mapped(OIL.replace("Oil.", "Another oil.")).table])
    assert list(signals.of("raw/finishing_readings")) == ["f1_oil_bar"]


@pytest.mark.parametrize("files", ["{}_*.csv", "{coil}_{coil}.csv"])
def test_columns_in_a_files_name_have_names_of_their_own(files):
    toml = TOML.replace("TABLE", "finishing_readings").replace("ENTRY", OIL).replace("{coil}_*.csv", files)
    with pytest.raises(SourceMapError, match="columns of different names in files"):
        source_map(toml, "rolls/source.toml")
