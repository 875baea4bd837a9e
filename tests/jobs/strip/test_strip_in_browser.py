"""The page of a coil as Chromium shows it, on a desk and on a phone."""

import pytest

from jobs.strip import write_strip
from tests.jobs.chromium import shown
from tests.one_strip import COIL

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=[1440, 390], ids=["desk", "phone"])
def seen(request, mill, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    page = write_strip(mill, COIL, folder / "strip.html").read_text(encoding="utf-8")
    return shown(folder, page, request.param)


def test_nothing_goes_wrong_and_nothing_is_asked_of_a_network(seen):
    assert (seen["wrong"], seen["requests"]) == ([], [])
    assert seen["title"] == "coilmart strip C1"


def test_nothing_is_wider_than_the_page(seen):
    width, scrolled = seen["page"]
    assert scrolled <= width
    assert seen["wide"] == []


def test_every_picture_is_drawn_and_none_of_its_words_is_cut(seen):
    assert seen["pictures"] >= 15
    assert (seen["empty"], seen["cut"]) == ([], [])
