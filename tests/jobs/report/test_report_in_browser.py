"""The report as Chromium shows it, on a desk and on a phone."""

import pytest

from jobs.report import write_report
from tests.jobs.chromium import shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=[1440, 390], ids=["desk", "phone"])
def seen(request, reporting, day, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    page = write_report(reporting(folder), day).read_text(encoding="utf-8")
    return shown(folder, page, request.param)


def test_nothing_goes_wrong_and_nothing_is_asked_of_a_network(seen):
    assert seen["wrong"] == []
    assert seen["requests"] == []


def test_nothing_is_wider_than_the_page(seen):
    width, scrolled = seen["page"]
    assert scrolled <= width
    assert seen["wide"] == []


def test_every_picture_is_drawn_and_none_of_its_words_is_cut(seen):
    assert seen["pictures"] >= 6
    assert seen["empty"] == []
    assert seen["cut"] == []


def test_what_a_plant_typed_is_a_label_and_not_a_program(seen):
    assert seen["title"] == "coilmart report of 2026-11-22"
    assert any(label.startswith("</script>") for label in seen["labels"])
