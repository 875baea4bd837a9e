"""What tests of deliveries share."""

import pytest

from tests.jobs.delivered import Delivered


@pytest.fixture
def delivered(tmp_path):
    return lambda *args, **kwargs: Delivered(tmp_path, *args, **kwargs)
