"""A page as Chromium shows it in a frame of a given width."""

import html
import json
import os
import re
import signal
import subprocess

from jobs.doctor import chromium

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
const DRAWN = ".barlayer path, .waterfalllayer path, .heatmaplayer image, .scatterlayer path";
const wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("securitypolicyviolation", (event) => wrong.push(event.blockedURI));
for (const level of ["error", "warn"]) console[level] = (...words) => wrong.push(words.join(" "));
const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1;
const box = (element) => element.getBoundingClientRect();
const drawn = (picture) => picture.querySelector(DRAWN);
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
FRAME = """<body><iframe src="page.html" style="width: {width}px; height: 900px; border: 0"></iframe>
<script>addEventListener("message", (event) => {{
  document.body.appendChild(document.createElement("pre")).textContent = event.data;
}});</script>"""


def shown(folder, page, width):
    """What the page's own eyes saw: errors, requests, widths, pictures not drawn, words that are cut."""
    (folder / "page.html").write_text(page.replace("<head>", f"<head>{PROBE}", 1), encoding="utf-8")
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
