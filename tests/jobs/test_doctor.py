"""What is missing is named, with what it is for and how to get it."""

from dataclasses import replace

import pytest

from jobs import doctor


@pytest.fixture
def bare(monkeypatch):
    """A machine with the demo's packages only."""
    monkeypatch.setattr(doctor, "java_home", lambda: None)
    monkeypatch.setattr(doctor, "delta_jars", lambda: ())
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(doctor, "MAC_BROWSER", doctor.Path("no browser"))


def missing(settings):
    return {finding.thing: finding for finding in doctor.findings(settings) if finding.is_missing}


def test_the_embedded_engine_lacks_nothing_that_it_requires(bare, settings):
    assert not [finding for finding in missing(settings).values() if finding.is_required]


def test_apache_spark_requires_java_and_jars(bare, settings):
    found = missing(replace(settings, spark="local[*]"))
    assert found["Java"].is_required and found["Delta jars"].is_required
    assert "run make spark" in str(found["Java"])
    assert not found["Chromium"].is_required


def test_a_shared_engine_requires_nothing_here(bare, settings):
    assert not missing(replace(settings, spark="sc://engine:15002"))["Java"].is_required


def test_a_mill_folder_that_is_a_file_cannot_be_written(settings, tmp_path):
    (tmp_path / "mill").touch()
    found = missing(replace(settings, home=tmp_path / "mill" / "inside"))
    assert found["Mill folder"].is_required
    assert str(tmp_path / "mill" / "inside") in str(found["Mill folder"])


def test_what_is_there_is_said_in_one_line(settings):
    python = doctor.findings(settings)[0]
    assert str(python).startswith("Python: 3.11.")
