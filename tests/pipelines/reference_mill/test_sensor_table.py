from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipelines.reference_mill import CLEAN, Mill
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.sensor_table import sensor_table
from pipelines.reference_mill.strip_readings import SIGNALS, strip_readings

DAY = date(2026, 11, 20)
MILL = Mill(coils_a_day=20, dirt=CLEAN)
HZ = 50.0
SEES_STEEL_ABOVE = {
    "entry_temp_c": 0,
    "f1_force_kn": 1_000,
    "f4_force_kn": 1_000,
    "f7_force_kn": 1_000,
    "thickness_mm": 0,
    "finishing_temp_c": 0,
    "coiling_temp_c": 0,
    "coiler_tension_kn": 10,
}
"""Signal -> what it is above where its sensor has strip under it, in the order in which a head comes by."""


@pytest.fixture(scope="module")
def sensors():
    return sensor_table(MILL).to_pandas().set_index("signal")


def strip(coil=3):
    rolled = rolling_day(MILL, DAY)
    since_s = np.arange(0, rolled.cone.at_s[coil, -1], 1 / HZ)
    readings = pd.DataFrame(strip_readings(rolled, coil, since_s), columns=list(SIGNALS), index=since_s)
    return rolled, readings


def test_every_signal_has_its_sensor(sensors):
    assert set(sensors.index) == set(SIGNALS)
    assert set(sensors.speed_signal) <= set(SIGNALS)


def test_signals_of_one_station_stand_in_one_place(sensors):
    assert (sensors.groupby("station")[["distance_m", "speed_signal"]].nunique() == 1).all(axis=None)


def test_heads_arrive_as_the_distances_and_speeds_say(sensors):
    rolled, readings = strip()
    arrived_s = {name: (readings[name] > least).idxmax() for name, least in SEES_STEEL_ABOVE.items()}
    slip = rolled.setup.rolling.forward_slip[3]
    for before, after in zip(list(arrived_s)[:-1], list(arrived_s)[1:], strict=True):
        under_way = readings.loc[arrived_s[before] : arrived_s[after]]
        if before == "entry_temp_c":
            # The bar comes as much slower as it is thicker than what leaves F1.
            speed = (
                under_way.f1_speed_m_s * (1 + slip[0]) * rolled.setup.exit_mm[3, 0] / rolled.setup.bar_mm[3]
            )
            way_m = speed.mean() * (arrived_s[after] - arrived_s[before])
        elif before in ("f1_force_kn", "f4_force_kn"):
            continue
        else:
            way_m = under_way.strip_speed_m_s.mean() * (arrived_s[after] - arrived_s[before])
        apart_m = sensors.distance_m[after] - sensors.distance_m[before]
        assert way_m == pytest.approx(apart_m, abs=2 * readings.strip_speed_m_s.max() / HZ), (before, after)


def test_from_stand_to_stand_the_head_takes_its_spacing_over_its_speed(sensors):
    rolled, readings = strip()
    slip = rolled.setup.rolling.forward_slip[3]
    bites_s = [(readings[f"f{no}_force_kn"] > 1_000).idxmax() for no in range(1, 8)]
    for no in range(1, 7):
        speed = readings[f"f{no}_speed_m_s"].loc[bites_s[no - 1] : bites_s[no]].mean() * (1 + slip[no - 1])
        apart_m = sensors.distance_m[f"f{no + 1}_force_kn"] - sensors.distance_m[f"f{no}_force_kn"]
        assert speed * (bites_s[no] - bites_s[no - 1]) == pytest.approx(apart_m, abs=2 * speed / HZ)
