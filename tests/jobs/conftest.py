"""What tests of deliveries and of the ingest share."""

from concurrent.futures import Future

import pytest

from jobs.lake.lake import Lake
from tests.jobs.delivered import Delivered
from tests.jobs.raw_mill import Mill


@pytest.fixture
def delivered(tmp_path):
    return lambda *args, **kwargs: Delivered(tmp_path, *args, **kwargs)


@pytest.fixture
def mill(spark, settings, monkeypatch):
    # What the checks find is tested where they are.
    nothing: Future = Future()
    nothing.set_result([])
    monkeypatch.setattr(Lake, "start_check", lambda self, table, staged: nothing)
    return Mill(spark, settings)
