"""Places of the reference mill's readings against the true ones; tuned on other seeds."""

import numpy as np
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.strip_calibration import clock_skew
from pipelines.strip_places import places
from tests.pipelines.strips import DAY, PLANT, strips

SEEDS = (11, 12, 13)


def as_delivered(readings, chance):
    pass


def without_counter(readings, chance):
    readings["length_m"][:] = np.nan


def with_a_frozen_counter(readings, chance):
    begins, lasts = (np.array([chance.uniform(0.3, 0.6), 0.1]) * len(readings["length_m"])).astype(int)
    readings["length_m"][begins : begins + lasts] = readings["length_m"][begins]


def with_a_jumping_counter(readings, chance):
    hit = chance.integers(0, len(readings["length_m"]), 5)
    readings["length_m"][hit] += chance.choice([-1, 1], 5) * chance.uniform(3, 300, 5)


def without_roll_speeds(readings, chance):
    for no in range(1, 8):
        del readings[f"f{no}_speed_m_s"]


@pytest.mark.parametrize("hz", [1.0, 5.0])
@pytest.mark.parametrize(
    "spoil",
    [as_delivered, without_counter, with_a_frozen_counter, with_a_jumping_counter, without_roll_speeds],
)
def test_a_true_place_lies_within_its_stated_error(spoil, hz):
    sigmas = []
    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        for readings, length_m, truth, _ in strips(seed, hz, coils=4):
            spoil(readings, chance)
            placed = places(readings, length_m, PLANT)
            for station, true_m in truth.items():
                off = np.abs(placed.place_m[station] - true_m) / placed.sigma_m[station]
                sigmas.append(off[~np.isnan(off)])
                assert np.isnan(off).sum() - np.isnan(true_m).sum() <= max(2, 0.02 * len(true_m)), station
    within = [float((np.concatenate(sigmas) < no).mean()) for no in (1, 2, 3)]
    assert within[0] > 0.6 and within[1] > 0.9 and within[2] > 0.98, within


def with_an_unknown_length(readings, chance):
    return np.nan


@pytest.mark.parametrize("part", [(0, 0.5), (0, 0.6), (0, 0.8), (0.3, 1)])
@pytest.mark.parametrize("spoil", [as_delivered, without_counter, with_an_unknown_length])
def test_readings_of_a_part_of_a_strip_are_not_stretched_over_all_of_it(spoil, part):
    """Cut short, most stations see no tail, and the coiler's tension begins where a tail may be."""
    for seed in SEEDS:
        for whole, length_m, truth, _ in strips(seed, 1.0, coils=2):
            begin, end = (int(share * len(whole["sampled_s"])) for share in part)
            readings = {name: values[begin:end].copy() for name, values in whole.items()}
            placed = places(readings, spoil(readings, None) or length_m, PLANT)
            for station, true_m in truth.items():
                off = np.abs(placed.place_m[station] - true_m[begin:end]) / placed.sigma_m[station]
                assert np.isnan(off).sum() - np.isnan(true_m[begin:end]).sum() <= 2, station
                assert np.nanmax(off, initial=0) < 5, station


def test_behind_the_mill_a_place_is_off_by_less_than_a_metre():
    for readings, length_m, truth, _ in strips(seed=11, hz=1.0, coils=8):
        placed = places(readings, length_m, PLANT)
        assert all(0 <= np.nanmin(m) <= np.nanmax(m) < length_m for m in placed.place_m.values())
        for station in ("F7", "exit gauges", "finishing pyrometer", "coiling pyrometer"):
            assert np.nanmax(np.abs(placed.place_m[station] - truth[station])) < 1.0, station


def test_the_skew_between_the_mills_clock_and_the_order_systems_is_found():
    """Both tell when a head entered F1; the readings' clock is 1.7 s ahead."""
    rolled = rolling_day(Mill(coils_a_day=30, readings_hz=1.0, seed=12, dirt=CLEAN), DAY)
    begins_s = rolled.cone_from_s[rolled.coils]
    late_s = [
        begin_s + 1.7 + places(strip.readings, strip.length_m, PLANT).head_s["F1"] - started_s
        for strip, begin_s, started_s in zip(
            strips(12, 1.0, coils=25), begins_s, rolled.schedule.f1_in_s[rolled.coils], strict=False
        )
    ]
    skew = clock_skew(np.array(late_s))
    assert abs(skew.late_s - 1.7) < 3 * skew.sigma_s < 0.6
