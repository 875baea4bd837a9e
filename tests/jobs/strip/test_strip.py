"""What the page of a coil says, and that it says it safely."""

from dataclasses import replace

import pytest

from jobs.report.blocks import Grid, Note, Picture
from jobs.settings import Settings
from jobs.strip import write_strip
from jobs.strip.page import sections
from jobs.strip.pictures import along
from jobs.strip.reading import StripError, read_strip
from schemas.core.coils import CORE_COILS
from tests.one_strip import COIL, HOT, STUCK


@pytest.fixture(scope="module")
def strip(mill):
    return read_strip(mill, COIL)


def signal(strip, name):
    return next(signal for signal in strip.signals if signal.name == name)


def blocks(strip, name, kind):
    (section,) = [section for section in sections(strip) if section.name == name]
    return [block for block in section.blocks if isinstance(block, kind)]


def picture(strip, name, caption):
    return next(block.figure for block in blocks(strip, name, Picture) if block.caption.startswith(caption))


def test_a_measured_metre_is_a_column(strip):
    assert (strip.from_m[0], strip.to_m[0], strip.length_m) == (0, 1, 60)
    finishing = signal(strip, "finishing_temp_c")
    assert [no for no, mean in enumerate(finishing.mean) if mean >= 910] == list(HOT)
    assert [no for no, flag in enumerate(finishing.flag) if flag == "frozen"] == list(STUCK)
    assert (finishing.least[0], finishing.most[0], finishing.unit) == (878, 882, "°C")


def test_the_map_marks_what_is_out_of_range_and_what_a_stuck_sensor_showed(strip):
    values, faulty = picture(strip, "range", "Strip map").data[:2]
    assert [no for no, shade in enumerate(values.z[0]) if shade == 2] == list(HOT)
    assert [no for no, mark in enumerate(faulty.z[0]) if mark] == list(STUCK)
    assert values.text[0][25] == "finishing_temp_c 911 °C"


def test_a_line_has_its_band_its_limits_and_what_lies_beyond_them(strip):
    band, mean, above, faulty, lower, upper, _ = picture(strip, "limited", "finishing_temp_c").data
    # 60 columns there and back.
    assert (mean.y[0], band.y[0], band.y[119]) == (880, 882, 878)
    assert [no for no, value in enumerate(above.y) if value] == list(HOT)
    assert [no for no, value in enumerate(faulty.y) if value] == list(STUCK)
    assert (lower.y[0], upper.y[0]) == (860, 900)


def test_a_defect_lies_at_its_metre_on_its_side_and_what_nobody_looked_at_is_grey(strip):
    figure = picture(strip, "surface", "Surface")
    (sliver,) = figure.data
    # The contract's example lies 410 to 455 mm from the drive side.
    assert (sliver.x[0], sliver.y[0], sliver.name) == (pytest.approx(22.3), 432.5, "sliver (1)")
    (unseen,) = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert (unseen.x0, unseen.x1, unseen.y1) == (30, 60, -strip.coil["width_mm"])


def test_a_defect_without_a_place_is_told_with_its_reason(strip):
    assert "Defect SIS/2: metre 80 of a coil of 60 m." in [n.text for n in blocks(strip, "surface", Note)]


def test_process_faults_come_before_faulty_sensors_and_both_are_drawn(strip):
    faults = next(g for g in blocks(strip, "surface", Grid) if g.caption.startswith("Process faults"))
    assert [row["sentence"] for row in faults.rows] == ["Too hot.", "Frozen."]
    _, bars = picture(strip, "surface", "Process faults").data
    assert (list(bars.base), list(bars.x)) == ([20, 40], [10, 5])


def test_a_coil_that_nobody_inspected_is_not_called_good(strip):
    alone = replace(strip, defects=[], inspections=[], faults=[], roll_marks=[])
    told = [note.text for note in blocks(alone, "surface", Note)]
    assert told[0] == "Nobody told that this coil was inspected: no defect means nothing."
    assert blocks(alone, "surface", Picture) == []


def test_the_same_metre_is_told_upstream(strip):
    (grid,) = blocks(strip, "upstream", Grid)
    # Metre 29.5 of 60 m of coil is 2.95 m of 6 m of slab, which began at metre 100 of its strand.
    (slab, strand) = [row for row in grid.rows if row["at_m"] == 29.5]
    assert (slab["piece"], slab["there_m"]) == ("slab S1", pytest.approx(2.95))
    assert (strand["piece"], strand["there_m"]) == ("strand 1", pytest.approx(102.95))
    mean = picture(strip, "limited", "finishing_temp_c").data[1]
    assert mean.customdata[29] == "<br>slab S1 2.95 m<br>strand 1 102.95 m"


def test_a_stretch_of_the_strip_is_told_with_the_piece_that_it_was_welded_into(strip):
    [grid] = blocks(strip, "pieces", Grid)
    [row] = grid.rows

    # Metres 10 to 50 of the coil are the first 40 of W1, the other way round; columns lie in the middle.
    assert (row["piece"], row["from_m"], row["to_m"]) == ("W1", 10.5, 49.5)
    assert (row["there_from_m"], row["there_to_m"]) == pytest.approx((39.5, 0.5))
    assert blocks(strip, "pieces", Note) == []


def test_a_strip_of_which_no_piece_is_known_says_so(strip):
    ends = "no piece made of it is known"
    alone = [replace(trace, downstream=(), downstream_ends=ends) for trace in strip.traces]

    assert [note.text for note in blocks(replace(strip, traces=alone), "pieces", Note)] == [
        "No piece made of it is known."
    ]


def test_a_piece_that_lies_on_a_coil_twice_is_told_twice(strip):
    twice = [
        replace(trace, downstream=() if 20 < trace.at_m < 30 else trace.downstream) for trace in strip.traces
    ]
    [grid] = blocks(replace(strip, traces=twice), "pieces", Grid)

    assert [(row["from_m"], row["to_m"]) for row in grid.rows] == [(10.5, 19.5), (30.5, 49.5)]


def test_what_could_not_be_judged_is_said(strip):
    told = [note.text for note in blocks(strip, "range", Note)]
    assert "No limit for wedge_um: target_wedge_um was not delivered." in told
    assert "Limited, but not measured on this coil: crown_um." in told
    assert "Not measured on this coil: crown_um." in [n.text for n in blocks(strip, "limited", Note)]


def test_signals_of_one_kind_share_a_picture(strip):
    forces = picture(strip, "rolled", "f#_force_kn, # = 1 to 7")
    assert [trace.name for trace in forces.data[:7]] == list("1234567")


def test_what_is_one_value_for_the_whole_coil_is_a_row_and_no_picture(strip):
    (same,) = blocks(strip, "before", Grid)
    assert "core_temp_c" in [row["name"] for row in same.rows]
    assert blocks(strip, "before", Picture) == []


def test_a_band_has_a_hole_where_nothing_was_measured(strip):
    finishing = signal(strip, "finishing_temp_c")
    lost = replace(finishing, mean=[None if no in HOT else mean for no, mean in enumerate(finishing.mean)])
    band = along(strip, lost).data[0]
    assert [no for no, x in enumerate(band.x) if x is None] == [40, 40 + 1 + 60]


def test_the_page_is_the_same_each_time_and_what_a_plant_typed_is_escaped(mill, tmp_path):
    one = write_strip(mill, COIL, tmp_path / "one.html").read_bytes()
    assert one == write_strip(mill, COIL).read_bytes()
    assert b"<script>document.title='broken'" not in one
    assert (mill.reports / "strips" / "C1.html").is_file()


def test_a_coil_that_nobody_rolled_is_one_sentence(mill):
    with pytest.raises(StripError, match="'C2' is none; check the number"):
        read_strip(mill, "C2")


def test_a_welded_piece_is_told_with_the_coils_that_can_be_drawn(mill):
    with pytest.raises(
        StripError, match=r"is a piece of C1 \(10.0 to 50.0 m\), C9 \(0.0 to 30.0 m\); ask for"
    ):
        read_strip(mill, "W1")


def test_a_coil_without_segments_is_one_sentence(tmp_path, publish):
    publish(str(tmp_path / "lake"), CORE_COILS, {"coil_id": COIL})
    with pytest.raises(StripError, match="run `coilmart make core/coil_segments --day 2026-11-20`"):
        read_strip(Settings.from_environment({"COILMART_HOME": str(tmp_path)}), COIL)


def test_without_maps_the_strip_is_drawn_and_the_reason_told(strip):
    lost = replace(strip, traces=[], untraced="A number promises to be of one piece, but C1 is of 2.")
    assert [note.text for note in blocks(lost, "upstream", Note)] == [lost.untraced]
    assert "xaxis2" not in picture(lost, "range", "Strip map").layout
