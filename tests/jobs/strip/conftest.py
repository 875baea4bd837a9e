"""The settings of a mill with one strip in its lake."""

import pytest

from jobs.settings import Settings
from tests.one_strip import publish_strip

HOSTILE = "</script><script>document.title='broken'</script><b>"


@pytest.fixture(scope="session")
def mill(tmp_path_factory, publish):
    home = tmp_path_factory.mktemp("mill")
    publish_strip(publish, str(home / "lake"), grade=HOSTILE, customer=HOSTILE)
    return Settings.from_environment({"COILMART_HOME": str(home)})
