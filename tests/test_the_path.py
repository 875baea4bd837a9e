"""One table, one path: contracts, pipelines, jobs and tests agree, and imports point one way."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

from schemas.lineage import TABLES, made_tables

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "schemas": {"schemas"},
    "pipelines": {"schemas", "pipelines"},
    "jobs": {"schemas", "pipelines", "jobs"},
    "dags": {"schemas", "airflow"},
}
OURS = {*MAY_IMPORT, "tests", "notebooks", "benchmarks"}
IMPURE_MODULES = {"os", "subprocess", "shutil", "socket", "tempfile", "time", "deltalake"}
IMPURE_CALLS = {"open", "now", "utcnow", "today", "read_text", "write_text", "read_bytes", "write_bytes"}
MADE = [table.path for table in made_tables()]


@cache
def tree(file):
    return ast.parse(file.read_text())


def imported(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def roots(file):
    return {module.split(".")[0] for module in imported(file)}


def called(file):
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def files(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def named(file):
    return str(file.relative_to(ROOT))


EVERY_FILE = [file for folder in MAY_IMPORT for file in files(folder)]


@pytest.mark.parametrize("path", MADE)
@pytest.mark.parametrize("place", ["schemas/{}.py", "pipelines/{}.py", "jobs/{}.py", "tests/pipelines/{}.py"])
def test_a_made_table_has_its_file_in_every_folder(path, place):
    layer, name = path.split("/")
    file = place.format(f"{layer}/test_{name}" if place.startswith("tests") else path)
    assert (ROOT / file).is_file(), f"{path} has one path, but {file} is not there; write it."


@pytest.mark.parametrize("folder", ["pipelines", "jobs"])
@pytest.mark.parametrize("layer", ["core", "mart"])
def test_a_layer_holds_its_tables_and_nothing_else(folder, layer):
    found = {f"{layer}/{file.stem}" for file in (ROOT / folder / layer).glob("[!_]*.py")}
    extra = found - set(MADE)
    assert not extra, f"{folder}/{layer} holds {sorted(extra)}, which no table is; move what is shared up."


def test_a_contract_is_where_its_path_says():
    for path, table in TABLES.items():
        assert table.path == path
        assert (ROOT / "schemas" / f"{path}.py").is_file()


@pytest.mark.parametrize("file", EVERY_FILE, ids=named)
def test_imports_point_one_way(file):
    folder = file.relative_to(ROOT).parts[0]
    siblings = {sibling.stem for sibling in files("dags")} if folder == "dags" else set()
    wrong = roots(file) & OURS - MAY_IMPORT[folder] - siblings
    assert not wrong, f"{named(file)} must not import {sorted(wrong)}; ARCHITECTURE says who knows what."


@pytest.mark.parametrize("file", [*files("schemas"), *files("dags")], ids=named)
def test_contracts_and_dags_need_no_engine(file):
    allowed = set(sys.stdlib_module_names) | MAY_IMPORT[file.relative_to(ROOT).parts[0]]
    wrong = roots(file) - allowed - {sibling.stem for sibling in files("dags")}
    assert not wrong, f"{named(file)} must not import {sorted(wrong)}: it is read where no engine is."


@pytest.mark.parametrize("file", files("pipelines"), ids=named)
def test_pipelines_are_pure(file):
    impure = sorted(roots(file) & IMPURE_MODULES | set(called(file)) & IMPURE_CALLS)
    assert not impure, f"{named(file)} uses {impure}; reading, writing and the clock belong to jobs/."


@pytest.mark.parametrize("file", EVERY_FILE, ids=named)
def test_only_the_lake_touches_tables(file):
    is_lake = file.is_relative_to(ROOT / "jobs" / "lake")
    assert is_lake or "deltalake" not in roots(file), f"{named(file)} imports deltalake; ask jobs/lake."
