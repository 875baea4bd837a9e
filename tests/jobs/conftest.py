"""What tests of deliveries and of the ingest share."""

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
    monkeypatch.setattr(Lake, "check", lambda self, table, staged: [])
    return Mill(spark, settings)
