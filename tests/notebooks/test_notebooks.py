"""Every notebook runs from its first cell to its last, answers, and writes nothing."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coils import CORE_COILS
from schemas.mart.yield_ledger import MART_YIELD_LEDGER, NO_MASS_IN
from tests.one_strip import publish_strip

FOLDER = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """What a notebook printed and drew, over the lake of ``tmp_path``."""
    monkeypatch.setenv("COILMART_HOME", str(tmp_path))

    def ran(name):
        notebook = nbformat.read(FOLDER / name, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        printed = "".join(output.get("text", "") for output in outputs)
        drawn = [
            output.data for output in outputs if "application/vnd.plotly.v1+json" in output.get("data", {})
        ]
        return printed, drawn

    return ran


@pytest.fixture
def lake(tmp_path):
    return str(tmp_path / "lake")


def piece(number, **masses):
    known = {"charged": 22.0, "prime": 21.0, "scale": 0.3, "crop": 0.4, "unaccounted": 0.3} | masses
    return {"piece_id": f"S{number}"} | {f"{name}_mass_t": mass for name, mass in known.items()}


def test_the_yield_is_answered_in_a_picture_and_a_sentence(run, lake, publish):
    cobbled = piece(2, prime=0.0, crop=0.0, scale=0.3, cobble=21.5, unaccounted=0.2)
    unknown = {"charged_mass_t": None, "unaccounted_mass_t": None, "not_computable": NO_MASS_IN}
    publish(lake, MART_YIELD_LEDGER, piece(1), cobbled, piece(3) | unknown)
    files = sorted(Path(lake).rglob("*"))
    printed, drawn = run("where_did_the_yield_go.ipynb")
    # 21 of 44 t; lost are 23 t: 21.5 t cobble and 0.6 t scale, the crop is 0.4 t.
    assert printed == (
        "HSM: of 44 t charged, 47.7% became prime; most of the rest went into "
        "cobble (21.5 t, 93% of the losses) and scale (0.6 t, 3%).\n"
    )
    assert len(drawn) == 1
    assert sorted(Path(lake).rglob("*")) == files


def test_a_mill_without_balances_is_said_in_words(run):
    printed, drawn = run("where_did_the_yield_go.ipynb")
    assert printed == "No piece has a balance that can be drawn: `coilmart report` says why.\n"
    assert drawn == []


def test_a_metre_is_answered_in_pictures_and_a_sentence(run, lake, publish):
    publish_strip(publish, lake)
    files = sorted(Path(lake).rglob("*"))
    printed, drawn = run("where_was_this_metre.ipynb")
    # The middle of the ten metres that are too hot; 60 m of coil are 6 m of slab, which began at metre 100.
    assert printed.startswith(
        "Metre 25 of C1: finishing_temp_c lies above its limit of 900 °C from metre 20 to 30. "
        "It was metre 2.50 (± 0.050) of slab S1 and metre 102.50 (± 0.051) of strand 1.\n"
        "finishing_temp_c                911 °C, in the mean 885.02: 2.3 standard deviations\n"
    )
    assert "\nC1, metre 25.0 of 60.0 from the head" in printed
    # The map, and the one signal that is out of range there.
    assert len(drawn) == 2
    assert sorted(Path(lake).rglob("*")) == files


def test_a_mill_with_all_in_range_is_said_in_words(run):
    printed, drawn = run("where_was_this_metre.ipynb")
    assert printed == "No metre is out of range, and none was asked for: set COIL and AT.\n"
    assert drawn == []


def test_the_strand_of_the_slivers_is_answered_in_a_picture_and_a_sentence(run, lake, publish):
    coils = [f"C{no}" for no in range(40)]
    publish(lake, CORE_COILS, *({"coil_id": c, "strand": str(1 + no % 2)} for no, c in enumerate(coils)))
    publish(lake, CORE_COIL_INSPECTIONS, *({"coil_id": c, "from_m": 0.0, "to_m": 500.0} for c in coils))
    # Of strand 2 four a coil, of strand 1 one: on as many metres four times as many.
    slivers = [(c, no) for k, c in enumerate(coils) for no in range(1 + 3 * (k % 2))]
    publish(lake, CORE_COIL_DEFECTS, *({"defect_id": f"{c}/{no}", "coil_id": c} for c, no in slivers))
    files = sorted(Path(lake).rglob("*"))
    printed, drawn = run("which_strand_makes_the_slivers.ipynb")
    assert printed == (
        "strand 2 makes 4.0 times as many as the others (4.0 to 4.0), "
        "of 100 of class sliver on 20,000 inspected metres of 40 coils.\n"
    )
    assert len(drawn) == 1
    assert sorted(Path(lake).rglob("*")) == files


def test_a_mill_without_inspections_is_said_in_words(run):
    printed, drawn = run("which_strand_makes_the_slivers.ipynb")
    assert printed.startswith("No inspected coil has both a strand and another to be compared with")
    assert drawn == []


@pytest.mark.parametrize("notebook", sorted(FOLDER.glob("*.ipynb")), ids=lambda file: file.stem)
def test_notebooks_are_kept_without_what_they_put_out(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert not [cell.id for cell in cells if cell.get("outputs") or cell.get("execution_count")]
