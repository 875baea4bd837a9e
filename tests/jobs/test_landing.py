"""What lies in landing: which files, of which source, and which of them are left for later."""

import os
import time
from dataclasses import replace

import pytest

from jobs import landing
from jobs.landing import LandingError, content_hashes, is_unchanged, look

SCRAP = """
[[table]]
table = "scrap"
files = "*.csv"
[table.columns]
weighing_id = "a"
weighed_at = "b"
scrap_kind = "c"
mass_t = "d"
[table.constants]
line = "HSM"
"""


@pytest.fixture
def put(settings):
    def write(name, text="x"):
        path = settings.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def names(settings):
    return [file.source_file for file in look(settings).files]


def test_a_folder_named_like_a_raw_table_feeds_it(put, settings):
    put("coils/2026/a.csv")
    (file,) = look(settings).files
    assert (file.source_file, file.source, file.size_bytes) == ("coils/2026/a.csv", "coils", 1)
    assert [table_map.table.path for table_map in file.feeds] == ["raw/coils"]


def test_names_of_files_being_written_are_not_looked_at(put, settings):
    for name in (".a.csv", "a.csv.part", "a.csv.tmp", ".hidden/a.csv", "b.csv"):
        put(f"coils/{name}")
    put(".trash/a.csv")
    put("README.md")
    assert names(settings) == ["coils/b.csv"]


def test_a_landing_folder_that_is_not_there_is_no_quiet_night(settings):
    with pytest.raises(LandingError, match="mount or make it"):
        look(settings)


def test_a_file_beside_the_sources_is_named(settings):
    settings.landing.mkdir()
    (settings.landing / "coils.csv").write_text("coil_id\n")
    [problem] = look(settings).problems
    assert "coils.csv is a file" in problem


def test_a_folder_that_is_neither_is_a_problem(put, settings):
    put("photos/a.jpg")
    put("coils/a.csv")
    found = look(settings)
    assert [file.source_file for file in found.files] == ["coils/a.csv"]
    assert found.problems == [
        "A folder in landing is named like a raw table or has a source.toml, but photos is not; "
        "rename it, or add a map."
    ]


def test_data_can_stay_where_it_is(put, settings, tmp_path, monkeypatch):
    elsewhere = tmp_path / "exports" / "scale"
    elsewhere.mkdir(parents=True)
    (elsewhere / "a.csv").write_text("x")
    (elsewhere / "a.txt").write_text("x")
    for folder in ("../../exports/scale", "$EXPORTS/scale", "${EXPORTS}/scale", str(elsewhere)):
        put("scale/source.toml", f"folder = '{folder}'\n{SCRAP}")
        monkeypatch.setenv("EXPORTS", str(tmp_path / "exports"))
        assert names(settings) == ["scale/a.csv"]


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("$NOWHERE/x", "promises a folder, but $NOWHERE is not set; set it."),
        ("nowhere", "is none; mend or mount it."),
    ],
)
def test_a_folder_that_is_not_there_is_a_problem(put, settings, folder, told):
    put("scale/source.toml", f"folder = '{folder}'\n{SCRAP}")
    assert look(settings).problems[0].endswith(told)


def test_a_file_feeds_a_table_once(put, settings):
    put("scale/source.toml", SCRAP + SCRAP)
    put("scale/a.csv")
    assert look(settings).problems == [
        "A file feeds a table once, but two [[table]] of scale/source.toml feed the same from a.csv; "
        "give them different files."
    ]


def test_a_map_that_is_no_text_is_a_problem(put, settings):
    put("scale/source.toml").write_bytes(b"\xff\xfe")
    assert "source.toml" in look(settings).problems[0]


def test_a_file_that_was_just_written_is_looked_at_twice(put, settings, monkeypatch):
    for name in ("growing", "touched", "settled"):
        put(f"coils/{name}.csv")
    old = time.time() - 60
    os.utime(settings.landing / "coils/settled.csv", (old, old))

    def write_more(seconds):
        assert seconds == 5
        put("coils/growing.csv", "xx")
        os.utime(settings.landing / "coils/touched.csv", (old, old))

    monkeypatch.setattr(landing.time, "sleep", write_more)
    found = look(replace(settings, settle_s=5))
    assert [file.source_file for file in found.files] == ["coils/settled.csv"]
    assert found.growing == ["coils/growing.csv", "coils/touched.csv"]


def test_a_file_is_unchanged_until_it_is_written_or_gone(put, settings):
    path = put("coils/a.csv")
    (file,) = look(settings).files
    assert is_unchanged(file)
    os.utime(path, ns=(0, file.modified_ns + 1))
    assert not is_unchanged(file)
    path.unlink()
    assert not is_unchanged(file)


def test_equal_bytes_have_one_digest(put, settings):
    put("coils/a.csv", "x")
    put("coils/b.csv", "x")
    put("coils/c.csv", "y")
    digests, problems = content_hashes(look(settings).files)
    assert not problems
    assert digests["coils/a.csv"] == digests["coils/b.csv"] != digests["coils/c.csv"]
    assert len(digests["coils/a.csv"]) == 32


def test_a_file_that_cannot_be_opened_is_a_problem_and_one_that_is_gone_is_none(put, settings, monkeypatch):
    put("coils/a.csv")
    put("coils/gone.csv")
    files = look(settings).files
    (settings.landing / "coils/gone.csv").unlink()
    monkeypatch.setattr(landing.hashlib, "file_digest", denied)
    assert content_hashes(files) == (
        {},
        ["A landing file can be read, but coils/a.csv cannot (Permission denied); give access to it."],
    )


def denied(*args):
    raise PermissionError(13, "Permission denied")
