"""The report as Chromium shows it, on a desk and on a phone."""

import html
import json
import os
import re
import signal
import subprocess

import pytest

from jobs.doctor import chromium
from jobs.report import write_report

pytestmark = pytest.mark.browser
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=15000",
    "--dump-dom",
]
# In the page before all else, so that it hears every error; it tells the page around what it saw.
PROBE = """<script>
const wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("securitypolicyviolation", (event) => wrong.push(event.blockedURI));
for (const level of ["error", "warn"]) console[level] = (...words) => wrong.push(words.join(" "));
const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1;
const box = (element) => element.getBoundingClientRect();
const drawn = (picture) => picture.querySelector(".barlayer path, .waterfalllayer path, .heatmaplayer image");
const words = (picture) => [...picture.querySelectorAll("svg text")].filter((text) => text.textContent);
addEventListener("load", () => setTimeout(() => {
  const page = document.documentElement;
  const pictures = [...document.querySelectorAll(".picture")];
  const blocks = [...document.querySelectorAll("h1, h2, h3, p, dt, dd, a, figcaption, figure, .scroll")];
  const inside = { left: 0, right: page.clientWidth };
  parent.postMessage(JSON.stringify({
    title: document.title,
    wrong,
    requests: performance.getEntriesByType("resource").map((entry) => entry.name),
    page: [page.clientWidth, page.scrollWidth],
    wide: blocks.filter((block) => outside(box(block), inside)).map((block) => block.outerHTML),
    pictures: pictures.length,
    empty: pictures.filter((picture) => !drawn(picture)).map((picture) => picture.ariaLabel),
    cut: pictures.flatMap((picture) => words(picture).filter((text) => outside(box(text), box(picture))))
      .map((text) => text.textContent),
    labels: [...document.querySelectorAll(".ytick text")].map((text) => text.textContent),
  }), "*");
}, 5000));
</script>"""
# Chromium's windows are at least 500 pixels wide; a frame is as wide as it is told.
FRAME = """<body><iframe src="report.html" style="width: {width}px; height: 900px; border: 0"></iframe>
<script>addEventListener("message", (event) => {{
  document.body.appendChild(document.createElement("pre")).textContent = event.data;
}});</script>"""


def shown(folder, width):
    frame = folder / f"{width}.html"
    frame.write_text(FRAME.format(width=width))
    own = [f"--user-data-dir={folder / 'profile'}", f"--window-size={width + 100},1000"]
    command = [str(chromium()), *FLAGS, *own, frame.as_uri()]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        dom, _ = process.communicate(timeout=120)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return json.loads(html.unescape(re.search("<pre>(.*)</pre>", dom, re.DOTALL).group(1)))


@pytest.fixture(scope="module", params=[1440, 390], ids=["desk", "phone"])
def seen(request, reporting, day, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    page = write_report(reporting(folder), day).read_text(encoding="utf-8")
    (folder / "report.html").write_text(page.replace("<head>", f"<head>{PROBE}", 1), encoding="utf-8")
    return shown(folder, request.param)


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
