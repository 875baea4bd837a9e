"""Models of any table: here of pumps, with signals of their own, in the order of time."""

import numpy as np
import pytest

from pipelines.normal_models import STATISTICS, Asked, fit_normal, judged_runs
from pipelines.usual_ranges import Rows

SIGNALS = ("flow_l_min", "pressure_bar", "current_a", "temp_c")
PUMPS, ROWS = 120, 60
ASKED = {"level": Asked(dict.fromkeys(STATISTICS, 0.01), run_rows=5)}


def pumps(seed, count=PUMPS):
    """Flow, pressure and current follow the load, the temperature does not; two kinds of pumps."""
    chance = np.random.default_rng(seed)
    load = chance.normal(size=(count * ROWS, 1))
    values = load @ np.array([[2.0, 1.0, 1.0, 0.0]]) + 0.3 * chance.normal(size=(count * ROWS, 4))
    kind = np.arange(count) % 2
    values += 10 * np.repeat(kind, ROWS)[:, None]
    piece = np.repeat(np.arange(count), ROWS)
    modes = [(f"kind {no}", "all") for no in kind.tolist()]
    return Rows(SIGNALS, values, piece, np.zeros(len(piece), np.int64), modes, np.arange(count) // 2 % 6)


def with_fault(rows, signal, shift):
    """The second half of every pump's rows has a signal off."""
    values = rows.values.copy()
    late = np.arange(len(values)) % ROWS >= ROWS // 2
    values[late, SIGNALS.index(signal)] += shift
    return rows._replace(values=values)


@pytest.fixture(scope="module")
def model():
    return fit_normal(pumps(1), ASKED)["level"].model


def share_found(model, rows, statistic):
    runs = judged_runs(model, rows)
    beyond = runs.piece[runs.statistics[statistic] > model.limits[statistic].enter]
    return len(np.unique(beyond)) / PUMPS


@pytest.mark.parametrize("statistic", ASKED["level"].statistics)
def test_normal_pumps_hardly_ever_pass_the_limit(model, statistic):
    assert share_found(model, pumps(2), statistic) <= 0.05


def test_a_signal_that_leaves_the_others_is_seen_from_the_model_and_named(model):
    faulty = with_fault(pumps(3), "pressure_bar", 1.5)
    assert share_found(model, faulty, "SPE") > 0.95
    runs = judged_runs(model, faulty)
    assert runs.off[ROWS // 2 : ROWS].mean(axis=0).argmax() == SIGNALS.index("pressure_bar")


def test_a_change_of_correlation_is_seen_from_the_model_alone(model):
    rows = pumps(4)
    values = rows.values.copy()
    order = np.random.default_rng(4).permutation(ROWS)
    for first in range(0, len(values), ROWS):
        # The same currents, but not when they should be.
        values[first : first + ROWS, 2] = values[first : first + ROWS, 2][order]
    changed = rows._replace(values=values)
    assert share_found(model, changed, "SPE") > 0.95
    assert share_found(model, changed, "signal") < 0.1


def test_a_load_beyond_the_usual_is_seen_within_the_model(model):
    rows = pumps(5)
    loaded = rows._replace(values=rows.values + 4 * np.array([2.0, 1.0, 1.0, 0.0]))
    assert share_found(model, loaded, "T2") > 0.95


def test_limits_are_the_same_whatever_is_judged(model):
    before = dict(model.limits)
    judged_runs(model, with_fault(pumps(6), "temp_c", 9.0))
    assert model.limits == before


def test_a_table_that_lacks_a_signal_of_the_model_is_judged_by_the_others(model):
    rows = pumps(7)
    fewer = rows._replace(signals=SIGNALS[:3], values=rows.values[:, :3])
    assert np.isfinite(judged_runs(model, fewer).statistics["T2"]).all()


def test_nothing_that_moves_makes_no_model():
    rows = pumps(8)
    assert fit_normal(rows._replace(values=np.ones_like(rows.values)), ASKED) == {}


def test_of_one_block_nothing_can_be_held_out_and_nothing_is_beyond():
    rows = pumps(9)
    model = fit_normal(rows._replace(block=np.zeros(PUMPS, np.int64)), ASKED)["level"].model
    assert all(limit.enter == np.inf for limit in model.limits.values())
