"""What the commands refuse: wrong usage ends with 2, what fails with 1, each with one sentence."""

import json
import sys

import pytest

from jobs import cli
from tests.one_strip import publish_strip


@pytest.fixture
def coilmart(capsys, monkeypatch, tmp_path):
    """Run a command in a folder without a mill: its exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "LANDING", "LAKE", "SPARK"):
        monkeypatch.setenv(f"COILMART_{name}", "")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["coilmart", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capsys.readouterr()
        return end.value.code or 0, printed.out, printed.err

    return run


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("make nix --day 2026-11-20", "there is no nix"),
        ("make raw/coils --day 2026-11-20", "raw tables are made together"),
        ("make core/quarantine --day 2026-11-20", "written by every run"),
        ("make mart/coil_yields", "add --day"),
        ("make mart/coil_yields --day 2026-11-20 --to 2026-11-19", "turn them round"),
        ("backfill --from 2026-11-20", "one is missing"),
        ("nightly --day yesterday", "'yesterday' does not match"),
        ("tables mart/coil_yeld", "is it mart/coil_yields"),
        ("sql --format xml x", "'xml' is not one of"),
        ("quarantine --table typo", "there is no typo"),
        ("quarantine replay --table mart/coil_yields", "promises a raw table"),
        ("landing --hz -1", "promises a number from 0.01 to 1000"),
        ("landing --hz nan", "promises a number"),
        ("landing --seed -1", "promises a number"),
        ("landing --coils 100000", "promises a number"),
        ("landing --faults 2", "promises a number from 0 to 1"),
        ("landing --casting-hz 0", "promises a number from 0.01 to 10"),
        ("landing --days 0", "greater than or equal to 1"),
        ("trace C1", "Missing option '--at'"),
        ("trace C1 --at 3,5", "'--at': it promises a metre with a decimal point, but '3,5' is none; write"),
        ("strip C1 --out .", "--out promises a file for the picture, but . is a folder; name"),
        ("strip", "Missing argument 'coil'"),
        ("train normal --until soon", "'soon' does not match"),
        ("train everything", "No such command 'everything'"),
    ],
)
def test_wrong_usage_ends_with_two_and_one_sentence(coilmart, tmp_path, command, sentence):
    code, out, complaint = coilmart(*command.split())
    assert (code, out) == (2, "")
    assert sentence in complaint
    assert complaint.startswith("coilmart: ") and complaint.count("\n") == 1
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "command",
    ["sql core.coils", "report --day 2026-11-20", "quarantine", "trace C1 --at 1", "strip C1"],
    ids=lambda command: command.split()[0],
)
def test_where_there_is_no_mill_a_look_at_it_is_one_sentence(coilmart, tmp_path, command):
    code, out, complaint = coilmart(*command.split())
    assert (code, out) == (1, "")
    assert "mill/lake has none" in complaint and complaint.count("\n") == 1
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("trace C2 --at 1", "'C2' has none; check the number"),
        ("trace C1 --at 61", "C1 has metres from 0 to 60.0 and metre 61 was asked for"),
        ("trace C1 --at nan", "metre nan was asked for"),
        ("strip C2", "'C2' is none; check the number"),
    ],
)
def test_a_piece_or_a_metre_that_is_not_there_ends_with_one_and_one_sentence(
    coilmart, tmp_path, publish, command, sentence
):
    publish_strip(publish, str(tmp_path / "mill" / "lake"))
    code, out, complaint = coilmart(*command.split())
    assert (code, out) == (1, "")
    assert sentence in complaint and complaint.count("\n") == 1


def test_a_metre_is_traced_and_a_strip_drawn_without_spark(coilmart, tmp_path, publish, monkeypatch):
    monkeypatch.setitem(sys.modules, "jobs.session", None)
    publish_strip(publish, str(tmp_path / "mill" / "lake"))
    code, told, _ = coilmart("trace", "C1", "--at", "25")
    assert code == 0 and "slab S1 at 2.50 of 6.00 m, ± 0.050 m" in told
    file = tmp_path / "mill" / "reports" / "strips" / "C1.html"
    assert coilmart("strip", "C1") == (0, f"{file}\n", "")
    assert file.is_file()


def test_without_a_mill_the_tables_are_told_all_the_same(coilmart):
    code, out, _ = coilmart("tables")
    assert code == 0 and "mart/coil_yields" in out


def test_a_help_ends_well_and_no_command_is_wrong_usage(coilmart):
    assert coilmart("nightly", "--help")[0] == 0
    assert coilmart()[0] == 2


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_columns_of_one_name_are_refused_where_a_name_is_all_they_have(form, tmp_path):
    from jobs.sql import QueryError, run_query

    with pytest.raises(QueryError, match="2 are called x; name them apart with AS"):
        run_query(str(tmp_path), "select 1 as x, 2 as x", form, tmp_path / "answer")
    run_query(str(tmp_path), "select 1 as x, 2 as y", form, tmp_path / "answer")
    if form == "json":
        assert json.loads((tmp_path / "answer").read_text()) == [{"x": 1, "y": 2}]


def test_a_source_that_would_be_left_alone_is_told_before_a_night(coilmart, tmp_path):
    scale = tmp_path / "mill" / "landing" / "scale"
    scale.mkdir(parents=True)
    assert coilmart("sources")[0] == 1
    (scale / "source.toml").write_text('[[table]]\ntable = "scraps"\nfiles = "*.csv"\n')
    code, told, _ = coilmart("sources")
    assert code == 1 and "write scrap" in told
    (scale / "source.toml").unlink()
    scale.rename(scale.with_name("scrap"))
    assert coilmart("sources") == (0, "Every source in landing can be used.\n", "")


def test_a_source_left_alone_fails_an_ingest_but_not_one_that_goes_on(coilmart, tmp_path):
    (tmp_path / "mill" / "landing" / "scale").mkdir(parents=True)
    code, _, complaint = coilmart("make", "raw", "--day", "2026-11-20")
    assert code == 1 and "add a map" in complaint
    code, out, complaint = coilmart("make", "raw", "--day", "2026-11-20", "--go-on")
    assert code == 0 and "add a map" in complaint
    assert out.startswith("raw takes all that is new in landing, of whatever day.\n")
