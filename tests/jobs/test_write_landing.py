import hashlib
import tracemalloc
from dataclasses import replace
from datetime import date, timedelta

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from jobs.write_landing import Written, write_day, write_landing
from pipelines.reference_mill import CLEAN, Dirt, Mill, MillSettingError
from schemas.lineage import TABLES
from schemas.raw_table import delivered

MILL = Mill(days=2, coils_a_day=12, readings_hz=0.5)


def digests(folder):
    """Name -> digest of every file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def truth_of(tmp_path, name):
    return pq.read_table(tmp_path / "truth" / name).to_pylist()


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for home in ("a", "b"):
        write_landing(tmp_path / home / "landing", tmp_path / home / "truth", MILL)

    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_other_bytes(tmp_path):
    write_landing(tmp_path / "a", tmp_path / "truth_a", MILL)
    write_landing(tmp_path / "b", tmp_path / "truth_b", replace(MILL, seed=2))
    a, b = digests(tmp_path / "a"), digests(tmp_path / "b")

    assert a["coils/coils_2026-11-20.jsonl"] != b["coils/coils_2026-11-20.jsonl"]


def test_a_day_is_the_same_alone_and_among_many(tmp_path):
    """Even the files that come late: they come with the day that they come with."""
    mill = replace(MILL, dirt=Dirt(late_file=0.5, duplicate_file=0.2))
    write_landing(tmp_path / "many", tmp_path / "truth_many", replace(mill, days=4))
    for no in (3, 1, 0, 2):
        write_day(tmp_path / "one", tmp_path / "truth_one", mill, mill.first_day + timedelta(days=no))

    assert digests(tmp_path / "one") == digests(tmp_path / "many")
    assert digests(tmp_path / "truth_one") == digests(tmp_path / "truth_many")


def test_nothing_is_written_again_that_is_there(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}

    assert after == before


def test_landing_has_a_folder_per_table_and_nothing_half_written(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    names = {path.name for path in tmp_path.rglob("*")}

    assert {f"raw/{path.name}" for path in (tmp_path / "landing").iterdir()} <= set(TABLES)
    assert not [name for name in names if name.startswith(".") or name.endswith(".part")]


def test_every_column_of_a_readings_file_is_in_the_contract(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    for name in ("casting_readings", "finishing_readings", "furnace_readings"):
        columns = ds.dataset(tmp_path / "landing" / name).schema.names
        # One system takes all samples of this mill: no file names it.
        promised = [field.name for field in delivered(TABLES[f"raw/{name}"]) if field.name != "system"]
        assert columns == promised


@pytest.mark.parametrize("truth", ["landing", "landing/truth"])
def test_the_truth_is_refused_inside_landing(tmp_path, truth):
    with pytest.raises(MillSettingError, match="choose a folder beside it"):
        write_landing(tmp_path / "landing", tmp_path / truth, MILL)


def test_no_word_of_the_truth_is_in_landing(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    told = {name.split("/")[0] for name in digests(tmp_path / "landing")}

    assert told.isdisjoint(
        {"finishing_line", "process_faults", "sensor_faults", "causes", "roll_marks", "clocks", "files"}
    )
    assert {path.name for path in (tmp_path / "truth").iterdir()} == {
        "slabs",
        "finishing_line",
        "process_faults",
        "sensor_faults",
        "surface_defects",
        "causes",
        "roll_marks",
        "clocks",
        "files",
    }


def test_the_truth_says_how_many_rows_each_file_has(tmp_path):
    written = write_landing(tmp_path / "landing", tmp_path / "truth", MILL)
    files = truth_of(tmp_path, "files")

    assert {row["source_file"] for row in files} == set(digests(tmp_path / "landing"))
    assert sum(row["rows"] for row in files) == written.rows
    for row in files:
        if row["source_file"].endswith(".parquet"):
            assert pq.read_metadata(tmp_path / "landing" / row["source_file"]).num_rows == row["rows"]


def test_what_was_planted_is_found_in_the_files(tmp_path):
    dirt = Dirt(duplicate_row=0.02, keyless_row=0.01, sentinel_cell=0.001, not_a_number_cell=0.001)
    write_landing(tmp_path / "landing", tmp_path / "truth", replace(MILL, days=1, dirt=dirt))
    for row in truth_of(tmp_path, "files"):
        if row["table_path"] != "raw/finishing_readings":
            continue
        table = pq.read_table(tmp_path / "landing" / row["source_file"])
        frame = table.to_pandas()
        assert frame.duplicated().sum() == row["duplicate_rows"]
        assert frame.coil_id.isna().sum() == row["keyless_rows"]
        assert (frame.iloc[:, 2:] == -999).sum().sum() == row["sentinel_cells"]


def test_the_true_masses_close_and_the_files_agree_within_the_scales(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", replace(MILL, dirt=CLEAN))
    parts = ("furnace_scale", "secondary_scale", "head_crop", "tail_crop", "sample", "cobble", "coil")
    weighed = ds.dataset(tmp_path / "landing" / "coils", format="json").to_table(
        columns=["coil_id", "mass_t"]
    )
    shown_t = dict(zip(*weighed.to_pydict().values(), strict=True))

    for slab in truth_of(tmp_path, "slabs"):
        assert sum(slab[f"{part}_mass_t"] for part in parts) == pytest.approx(slab["slab_mass_t"], rel=1e-12)
        if slab["coil_id"]:
            assert shown_t[slab["coil_id"]] == pytest.approx(slab["coil_mass_t"], abs=0.05)


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.5, 6, 18), (1.0, 23, 24)])
def test_as_many_strips_have_a_fault_as_are_asked_for_and_only_the_truth_tells(tmp_path, share, least, most):
    write_landing(tmp_path / "landing", tmp_path / "truth", replace(MILL, faults=share))
    faults = truth_of(tmp_path, "process_faults")
    coils = {slab["coil_id"]: slab for slab in truth_of(tmp_path, "slabs")}

    assert least <= len(faults) <= most
    for fault in faults:
        assert 0 <= fault["from_m"] < fault["to_m"] <= coils[fault["coil_id"]]["length_m"]
        assert fault["slab_id"] == coils[fault["coil_id"]]["slab_id"]
    told = b"".join(path.read_bytes() for path in (tmp_path / "landing").rglob("*.*sv*"))
    assert not any(fault["fault_id"].encode() in told for fault in faults)


def test_progress_is_told_day_by_day(tmp_path):
    told = []
    written = write_landing(
        tmp_path / "landing", tmp_path / "truth", MILL, lambda day, of_day: told.append((day, of_day))
    )

    assert [day for day, _ in told] == [date(2026, 11, 20), date(2026, 11, 21)]
    assert sum((of_day for _, of_day in told), Written()) == written


def test_memory_does_not_grow_with_the_days(tmp_path):
    """Days hold what the next ones refer to, and let go of the rest."""
    mill = replace(MILL, days=18, coils_a_day=4, finishing_readings=False)
    held = []
    tracemalloc.start()
    write_landing(
        tmp_path / "landing",
        tmp_path / "truth",
        mill,
        lambda *_: held.append(tracemalloc.get_traced_memory()[0]),
    )
    tracemalloc.stop()

    assert held[-1] < 1.2 * held[10]


def test_a_mill_without_finishing_readings_has_all_else(tmp_path):
    write_landing(tmp_path / "landing", tmp_path / "truth", replace(MILL, finishing_readings=False))
    folders = {f"raw/{path.name}" for path in (tmp_path / "landing").iterdir()}

    assert set(path for path in TABLES if path.startswith("raw/")) - folders == {"raw/finishing_readings"}
