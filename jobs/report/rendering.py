"""Pages: a template and what fills it become one HTML file that needs no network."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs


def page(template: str, **content: Any) -> str:
    """The page; every value in it is escaped."""
    environment = Environment(
        loader=PackageLoader("jobs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Plotly's own JSON knows arrays and dates; tojson makes it safe inside a script element.
    environment.filters["drawing"] = lambda figure: json.loads(figure.to_json())
    return environment.get_template(template).render(plotly=get_plotlyjs(), **content)


def write_page(file: Path, html: str) -> None:
    """Write it in one step: nobody finds half a page."""
    unfinished = file.with_suffix(f"{file.suffix}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_text(html, encoding="utf-8")
    unfinished.replace(file)
