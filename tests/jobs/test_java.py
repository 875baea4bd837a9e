"""Which Java runtime is found, and what brings one."""

import pytest

from jobs import java


def a_runtime(home, version):
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    program.chmod(0o755)
    return home


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    """A machine with an empty path and no folder of runtimes."""
    monkeypatch.setattr(java, "HOMES", (str(tmp_path / "jvm"),))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_java_home_goes_before_the_path(nothing_installed, tmp_path):
    home = a_runtime(tmp_path / "seventeen", "17.0.15")
    path = a_runtime(tmp_path / "other", "21.0.2") / "bin"
    assert java.java_home({"JAVA_HOME": str(home), "PATH": str(path)}) == home


def test_a_runtime_that_is_too_old_is_passed_over(nothing_installed, tmp_path):
    old = a_runtime(tmp_path / "eight", "1.8.0_402")
    new = a_runtime(tmp_path / "jvm" / "java-21", "21.0.2")
    assert java.java_home({"JAVA_HOME": str(old), "PATH": ""}) == new


def test_a_java_on_the_path_is_found_where_its_link_points(nothing_installed, tmp_path):
    home = a_runtime(tmp_path / "opt" / "java-25", "25")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").symlink_to(home / "bin" / "java")
    assert java.java_home({"PATH": str(tmp_path / "bin")}) == home


def test_a_stub_that_only_says_where_to_get_java_is_none(nothing_installed, tmp_path):
    stub = a_runtime(tmp_path / "stub", "17")
    (stub / "bin" / "java").write_text("#!/bin/sh\nexit 1\n")
    assert java.java_home({"JAVA_HOME": str(stub), "PATH": ""}) is None


def test_where_no_package_manager_is_a_person_is_asked(nothing_installed):
    with pytest.raises(java.JavaError, match="version 17 or later, but this machine has none .* install one"):
        list(java.install_commands())


@pytest.mark.parametrize(("user", "sudo", "first"), [(0, 1, "env"), (1000, 0, "sudo")])
def test_apt_is_asked_for_a_runtime_without_a_screen(monkeypatch, tmp_path, user, sudo, first):
    programs(monkeypatch, tmp_path, user, sudo)
    update, install = java.install_commands()
    assert update[0] == install[0] == first
    assert update[-1] == "update"
    assert install[-1] == "openjdk-21-jre-headless", "apt-cache of this machine knows 21 and not 17."


def test_apt_without_the_right_to_use_it_leaves_it_to_a_person(monkeypatch, tmp_path):
    programs(monkeypatch, tmp_path, user=1000, sudo=1)
    with pytest.raises(java.JavaError, match="apt-get without the right to use it"):
        list(java.install_commands())


def programs(monkeypatch, folder, user, sudo):
    """A Debian machine; ``sudo``: the exit code of sudo -n."""
    scripts = {
        "apt-get": "exit 0",
        "apt-cache": 'test "$2" = openjdk-21-jre-headless',
        "sudo": f"exit {sudo}",
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(java.os, "geteuid", lambda: user)
