"""What holds for the repository as a whole: locks that agree, files that can be read."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
PACKAGES = ("schemas", "pipelines", "jobs")
# Spelled so that they do not find themselves.
OF_ONE_MACHINE = re.compile(r"(?<![\w.}])/(?:root|work|tmp|home)/\w|(?<!\w)[A-Z]:\\Users")
REGISTRIES = re.compile(r"(?:pypi|pythonhosted|maven|npmjs|debian|ubuntu|conda|anaconda)\.(?:org|com|io)\b")
READ_BY_PEOPLE = {".py", ".toml", ".css", ".js", ".html", ""}
NAMES_THAT_SAY_NOTHING = re.compile(r"(?:^|_)(?:utils?|helpers?|common|misc|manager|base)(?:_|$)")


@pytest.fixture(scope="module")
def tracked():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("Without git or its clone, which files are the repository's is not known.")
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [file for file in map(ROOT.joinpath, listing.splitlines()) if file.is_file()]


def locked(name):
    """Pin -> its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {pin: set(hashes) for pin, *hashes in (re.split(r"\s*--hash=", line.strip()) for line in lines)}


def without_markers(pins):
    return {pin.partition(" ;")[0]: hashes for pin, hashes in pins.items()}


def versions(name):
    """Package -> the version that this Python takes."""
    pins = [Requirement(pin) for pin in locked(name)]
    chosen = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in chosen}


@pytest.mark.parametrize("name", ["demo", *EXTRAS])
def test_a_lock_is_a_part_of_the_lock_of_all(name):
    everything, part = without_markers(locked("all")), without_markers(locked(name))
    differ = [pin for pin, hashes in part.items() if everything.get(pin) != hashes]
    assert not differ, f"requirements/{name}.txt and all.txt differ in {differ}; run make lock."


@pytest.mark.parametrize("name", ["demo", *EXTRAS])
def test_a_lock_has_what_the_project_asks_for(name):
    there = versions(name)
    for wanted in map(Requirement, PROJECT["dependencies"] + EXTRAS.get(name, [])):
        version = there.get(canonicalize_name(wanted.name))
        assert version and version in wanted.specifier, (
            f"{wanted} is not in requirements/{name}.txt; run make lock."
        )


@pytest.mark.parametrize("name", ["all", "bootstrap", "demo", *EXTRAS])
def test_a_lock_is_of_pins_with_hashes_and_names_no_place(name):
    for pin, hashes in locked(name).items():
        assert "==" in pin and hashes and all(found.startswith("sha256:") for found in hashes), pin
    assert not re.search(r"://|@ |^-", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE)


def test_pyspark_and_its_client_share_a_folder_so_they_are_of_one_version():
    assert versions("all")["pyspark"] == versions("all")["pyspark-client"]


@pytest.fixture(scope="module")
def distributions():
    """Module -> what installs it."""
    return packages_distributions()


@pytest.mark.parametrize("folder", [*PACKAGES, "dags", "tests", "benchmarks"])
def test_what_is_imported_is_asked_for(distributions, folder):
    extras = [] if folder in PACKAGES else [line for extra in EXTRAS.values() for line in extra]
    asked = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"] + extras}
    files = sorted((ROOT / folder).rglob("*.py"))
    tested = {"benchmarks"} if folder == "tests" else set()
    ours = {*PACKAGES, folder, *tested, *(file.stem for file in files), "airflow"}
    for file in files:
        for module in imported(file) - set(sys.stdlib_module_names) - ours:
            names = {canonicalize_name(name) for name in distributions.get(module, [module])}
            assert names & asked, (
                f"{file.relative_to(ROOT)} imports {module}; pyproject.toml does not ask for it."
            )


def imported(file):
    nodes = list(ast.walk(ast.parse(file.read_text())))
    modules = {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {module.split(".")[0] for module in modules}


def test_nothing_is_of_one_machine_or_registry(tracked):
    for file in tracked:
        if file.suffix not in {".png", ".parquet", ".gz", ".zst"}:
            text = file.read_text(errors="replace")
            found = OF_ONE_MACHINE.search(text) or REGISTRIES.search(text)
            assert not found, (
                f"{file.relative_to(ROOT)} names {found[0]!r}, which is of one machine or registry."
            )


def test_a_file_can_be_read_in_one_sitting(tracked):
    for file in tracked:
        if file.suffix in READ_BY_PEOPLE and file.name != "LICENSE":
            lines = len(file.read_text().splitlines())
            assert lines <= 250, (
                f"{file.relative_to(ROOT)} has {lines} lines; say what in it is a thing of its own."
            )


def test_a_file_is_named_after_what_it_holds(tracked):
    vague = [str(file) for file in tracked if NAMES_THAT_SAY_NOTHING.search(file.stem)]
    assert not vague, f"{vague} could hold anything; name the thing."


def test_a_function_can_be_seen_at_once():
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for function in ast.walk(ast.parse(file.read_text())):
                if isinstance(function, ast.FunctionDef):
                    where = f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
                    assert body_lines(function) <= 30, (
                        f"{where} has {body_lines(function)} lines; at most 30."
                    )


def body_lines(function):
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return function.end_lineno - first.lineno + 1
