"""Control charts and capability in the report."""

from datetime import timedelta

import pytest

from jobs.lake.queries import open_lake
from jobs.report.blocks import Grid, Note, Picture
from jobs.report.pictures import BLUE, ORANGE
from jobs.report.sections import control_charts, process_capability
from schemas.fields import AT
from schemas.mart.control_charts import MART_CONTROL_CHARTS
from schemas.mart.process_capability import MART_PROCESS_CAPABILITY


def of_kind(blocks, kind):
    return [block for block in blocks if isinstance(block, kind)]


@pytest.fixture
def charted(day, tmp_path, publish):
    """Three coils of one chart, the last out; a chart in control; one without limits."""
    lake, of_day = str(tmp_path), {"production_day": day, "mode": "HSLA, over 2 to 4 mm"}
    chart = {"characteristic": "thickness_mm, body, less order", "violations": [], "deviation_sigmas": 0.5}
    points = [
        of_day | chart | {"point_id": f"C{no}", "charted_at": AT + timedelta(minutes=no)} for no in (3, 1, 2)
    ]
    points[0] |= {
        "violations": ["Western Electric 1"],
        "deviation_sigmas": 4.1,
        "value_of_characteristic": 25.0,
    }
    calm = of_day | {
        "characteristic": "width_mm, body, less order",
        "violations": [],
        "deviation_sigmas": 0.1,
    }
    nothing = {"deviation_sigmas": None, "not_computable": "20 coils in the 28 days before, 50 are needed"}
    publish(lake, MART_CONTROL_CHARTS, *points, calm, of_day | {"characteristic": "crown_um, body"} | nothing)
    return open_lake(lake)


def test_a_chart_that_is_out_is_drawn_in_the_order_of_rolling_with_the_point_marked(charted, day):
    blocks = list(control_charts.content(charted, day))
    (picture,) = of_kind(blocks, Picture)
    points = picture.figure.data[-1]
    assert [text.split(":")[0] for text in points.text] == ["C1", "C2", "C3"]
    assert list(points.marker.color) == [BLUE, BLUE, ORANGE]
    assert points.text[2].endswith("<br>Western Electric 1")
    (grid,) = of_kind(blocks, Grid)
    assert grid.caption == "1 of 2 charts out"
    assert (grid.rows[0]["out_n"], grid.rows[0]["rules"]) == (1, ["Western Electric 1"])


def test_a_chart_without_limits_says_why(charted, day):
    told = [note.text for note in of_kind(control_charts.content(charted, day), Note)]
    assert told[-1] == "1 chart without limits: 20 coils in the 28 days before, 50 are needed."


def test_the_least_capable_process_stands_first_with_its_interval(day, tmp_path, publish):
    of_day = {"production_day": day}
    poor = {"characteristic": "wedge_um, body", "critical_ratio": 0.8, "indices": "Pp, Ppk"}
    poor |= {"critical_low_ratio": 0.7, "critical_high_ratio": 0.9}
    unknown = {"characteristic": "crown_um, body", "critical_ratio": None, "not_computable": "12 coils"}
    publish(str(tmp_path), MART_PROCESS_CAPABILITY, of_day, of_day | poor, of_day | unknown)
    blocks = list(process_capability.content(open_lake(str(tmp_path)), day))
    (grid,) = of_kind(blocks, Grid)
    assert [(row["index"], row["critical_ratio"]) for row in grid.rows] == [("Ppk", 0.8), ("Cpk", 2.2)]
    assert grid.caption == "1 of 2 processes below 1.33"
    assert "Ppk 0.80 (0.70 to 0.90)" in of_kind(blocks, Picture)[0].says
    assert of_kind(blocks, Note)[-1].text == "1 process not judged: 12 coils."


@pytest.mark.parametrize("section", [control_charts, process_capability])
def test_a_day_without_anything_to_chart_says_what_would_make_it_so(section, day, tmp_path):
    (note,) = section.content(open_lake(str(tmp_path)), day)
    assert "would" in note.text
