"""The Delta jars are resolved once, all or none."""

import subprocess

import pytest

from jobs import delta_jars
from jobs.delta_jars import JarsError, resolve

BROUGHT = ("io.delta_delta-spark.jar", "io.unitycatalog_client.jar", "org.apache.parquet_parquet-hadoop.jar")


@pytest.fixture
def ivy(monkeypatch):
    """Spark's Ivy, which brings three jars; the folders that it was asked to fill."""
    asked = []

    def bring(folder):
        asked.append(folder)
        (folder / "jars").mkdir()
        for name in BROUGHT:
            (folder / "jars" / name).touch()

    monkeypatch.setattr(delta_jars, "_ivy", bring)
    return asked


def test_what_spark_has_itself_is_left_out(ivy, tmp_path):
    jars = resolve(tmp_path / "delta")
    assert [jar.name for jar in jars] == ["io.delta_delta-spark.jar", "io.unitycatalog_client.jar"]


def test_they_are_resolved_once(ivy, tmp_path):
    assert resolve(tmp_path / "delta") == resolve(tmp_path / "delta")
    assert len(ivy) == 1


def test_nothing_is_left_beside_them(ivy, tmp_path):
    resolve(tmp_path / "delta")
    assert [path.name for path in tmp_path.iterdir()] == ["delta"]


def test_where_they_are_not_to_be_had_it_is_said_and_nothing_is_left(monkeypatch, tmp_path):
    unresolved = subprocess.CompletedProcess([], 1, "", "UNRESOLVED DEPENDENCIES")
    monkeypatch.setattr(delta_jars.subprocess, "run", lambda *_, **__: unresolved)
    monkeypatch.setattr(delta_jars, "java_home", lambda: None)
    with pytest.raises(JarsError, match=r"io\.delta:delta-spark.* could not resolve it; (.|\n)*UNRESOLVED"):
        resolve(tmp_path / "delta")
    assert not list(tmp_path.iterdir())
