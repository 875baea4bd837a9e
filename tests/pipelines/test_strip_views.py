"""Views of a strip: its levels without its own, its swings by their period."""

import numpy as np
import pytest

from pipelines.strip_views import VIEWS, Strip, seen

METRES = 600
LEVEL, FAST, SLOW = VIEWS


def strip(values, every=1):
    """A strip of one signal, measured on every so-manieth metre."""
    from_m = np.arange(METRES, dtype=float)
    kept = np.where(np.arange(METRES) % every == 0, values, np.nan)
    return Strip(from_m, from_m + 1, kept[:, None], None, ("all",), 0)


def test_a_level_is_told_without_that_of_its_coil():
    values = np.full(METRES, 600.0)
    values[300:360] += 30.0
    levels = seen(LEVEL, ("temp_c",), [strip(values)])
    hot = (levels.from_m >= 300) & (levels.to_m <= 360)
    assert levels.rows.values[hot, 0].tolist() == [30.0] * 12
    assert levels.rows.values[~hot, 0].tolist() == [0.0] * 108


def test_rows_cover_the_strip_once():
    levels = seen(LEVEL, ("temp_c",), [strip(np.arange(METRES, dtype=float), every=7)])
    assert levels.from_m[0] == 0 and levels.to_m[-1] == METRES
    assert (levels.from_m[1:] == levels.to_m[:-1]).all()


@pytest.mark.parametrize("every", [1, 3])
def test_a_swing_is_seen_in_its_band_and_window(every):
    chance = np.random.default_rng(1)
    values = chance.normal(size=METRES)
    usual = seen(FAST, ("thickness_mm",), [strip(values, every)])
    place = np.arange(200, 300)
    values[place] += 5 * np.cos(2 * np.pi * place / 15)
    swings = seen(FAST, ("thickness_mm",), [strip(values, every)])
    rise = (swings.rows.values - usual.rows.values)[:, 0]
    most = int(rise.argmax())
    assert swings.band[swings.rows.piece[most]] == "10 to 24 m"
    assert (swings.from_m[most], swings.to_m[most]) == (200.0, 300.0)
    assert rise[(swings.to_m <= 200) | (swings.from_m >= 300)] == pytest.approx(0.0)


def test_a_swing_of_the_whole_strip_is_seen_though_it_is_long():
    values = np.random.default_rng(2).normal(size=METRES)
    usual = seen(SLOW, ("temp_c",), [strip(values)])
    swings = seen(SLOW, ("temp_c",), [strip(values + 3 * np.cos(2 * np.pi * np.arange(METRES) / 150))])
    rise = (swings.rows.values - usual.rows.values)[:, 0]
    of_band = [np.mean(rise[swings.rows.piece == no]) for no in range(2)]
    assert swings.band[int(np.argmax(of_band))] == "100 to 250 m"
    assert max(of_band) > 2


def test_a_signal_that_stands_has_no_swings():
    values = seen(FAST, ("core_temp_c",), [strip(np.full(METRES, 1180.0))]).rows.values
    assert np.isnan(values).all()


def test_what_is_hardly_measured_in_a_window_is_not_told():
    values = seen(FAST, ("temp_c",), [strip(np.arange(METRES) % 13.0, every=20)]).rows.values
    assert np.isnan(values).all()


def test_a_strip_shorter_than_a_window_is_one_window():
    short = strip(np.random.default_rng(3).normal(size=METRES))
    short = short._replace(from_m=short.from_m[:60], to_m=short.to_m[:60], values=short.values[:60])
    swings = seen(FAST, ("temp_c",), [short])
    assert set(zip(swings.from_m.tolist(), swings.to_m.tolist(), strict=True)) == {(0.0, 60.0)}
