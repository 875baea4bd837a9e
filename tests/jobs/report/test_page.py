"""The page as a browser gets it: what a plant typed is text, and nothing comes from elsewhere."""

import json
from html.parser import HTMLParser

import pytest

from jobs.report import write_report


@pytest.fixture(scope="module")
def html(reporting, day, tmp_path_factory):
    return write_report(reporting(tmp_path_factory.mktemp("mill")), day).read_text(encoding="utf-8")


class Parts(HTMLParser):
    """Elements, scripts and words of a page."""

    def __init__(self):
        super().__init__()
        self.elements, self.scripts, self.words, self.links = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.links += [value for name, value in attributes if name in {"src", "href"}]

    def handle_data(self, data):
        (self.scripts if self.elements[-1:] == ["script"] else self.words).append(data)

    def handle_endtag(self, tag):
        self.elements.append(f"/{tag}")


@pytest.fixture(scope="module")
def parts(html):
    page = Parts()
    page.feed(html)
    return page


def test_what_a_plant_typed_is_shown_and_never_run(parts, hostile):
    pictures = parts.elements.count("figure")
    assert parts.elements.count("script") == pictures + 2
    assert "b" not in parts.elements
    assert parts.words.count(hostile) >= 3
    assert not any(
        "document.title='broken'" in script and not script.strip().startswith("{") for script in parts.scripts
    )


def test_what_a_plant_typed_is_no_markup_in_a_picture_either(parts):
    drawings = [json.loads(script) for script in parts.scripts if script.strip().startswith("{")]
    labels = [label for drawing in drawings for label in drawing["layout"]["yaxis"]["ticktext"]]
    assert any(label.startswith("&lt;/script&gt;") for label in labels)
    assert not any("<" in label for label in labels)


def test_the_page_needs_nothing_from_elsewhere(parts, html):
    assert all(link.startswith("#") for link in parts.links)
    assert "default-src 'none'" in html


def test_the_same_lake_gives_the_same_bytes(reporting, day, html, tmp_path):
    again = write_report(reporting(tmp_path), day)
    assert again.name == "2026-11-22.html"
    assert again.read_text(encoding="utf-8") == html
    assert [file.name for file in again.parent.iterdir()] == [again.name]


def test_times_are_by_the_clock_of_the_mill_which_is_named(reporting, day, html, tmp_path):
    assert "2026-11-20 08:30 UTC" in html and "times by the clock of UTC" in html
    there = write_report(reporting(tmp_path, TIME_ZONE="Europe/Vienna"), day).read_text(encoding="utf-8")
    assert "2026-11-20 09:30 CET" in there and "times by the clock of Europe/Vienna" in there


def test_a_source_that_is_left_alone_is_told_in_the_report(reporting, day, tmp_path):
    (tmp_path / "landing" / "scale").mkdir(parents=True)
    (tmp_path / "landing" / "scale" / "source.toml").write_text("tabel = 1")
    page = write_report(reporting(tmp_path), day).read_text(encoding="utf-8")
    assert "Left alone in landing when this was written: " in page and "scale/source.toml" in page
