"""Which engine answers, and what is said where none does."""

import socket
import time
from dataclasses import replace

import pytest

from jobs import session
from jobs.session import EngineError, spark_session
from jobs.settings import Settings

NOWHERE = Settings.from_environment({})


@pytest.fixture
def silent():
    """A port on which somebody listens and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def refused(address):
    with pytest.raises(EngineError) as refusal, spark_session(replace(NOWHERE, spark=address)):
        pass
    return str(refusal.value)


def test_an_address_that_does_not_answer_is_told_soon(silent, monkeypatch):
    monkeypatch.setattr(session, "ANSWER_S", 0.5)
    started = time.monotonic()
    assert (
        f"sc://127.0.0.1:{silent} promises a Spark Connect server, but none answered within 0.5 s"
        in refused(f"sc://127.0.0.1:{silent}")
    )
    assert "none answered" in refused("sc://127.0.0.1:1")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("address", ["sc://", "sc://host:port", "sc://host/path;use_ssl"])
def test_an_address_that_is_none_is_told_at_once(address):
    assert "promises an address such as sc://host:15002" in refused(address)


def test_an_engine_that_nobody_knows_is_told():
    assert "'flink' was found" in refused("flink")


def test_a_server_that_is_there_answers():
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        session._require_answer(f"sc://127.0.0.1:{server.listening_address[1]}")
    finally:
        server.stop()
