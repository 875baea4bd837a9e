"""Root causes of weeks in a lake: planted ones are ranked and told, and what cannot be told says why."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from jobs.lake import delta
from jobs.lake.queries import open_lake
from jobs.mart import root_causes as job
from pipelines.mart.root_causes import Screened, limits
from schemas.core.coil_conditions import CORE_COIL_CONDITIONS
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_parts import CORE_COIL_PARTS
from schemas.mart.process_faults import MART_PROCESS_FAULTS
from schemas.mart.root_causes import MART_ROOT_CAUSES

LAST = date(2026, 11, 20)
DAYS, COILS_A_DAY = 14, 60
COUNT = DAYS * COILS_A_DAY


def publish_parts(root, named, speed):
    """Parts of coils of which one signal was measured; column by column, as there are many."""
    schema = delta.arrow_schema(CORE_COIL_PARTS)
    told = [{"n": 9, "mean": mean, "sd": 1.0, "min": mean, "max": mean} for mean in speed]
    own = {name: [row[name] for row in named] for name in ("coil_id", "production_day")}
    own |= {
        "part": ["whole"] * COUNT,
        "from_m": [0.0] * COUNT,
        "to_m": [700.0] * COUNT,
        "casting_speed_m_min": told,
    }
    columns = [pa.array(own.get(field.name, [None] * COUNT), field.type) for field in schema]
    batch = pa.record_batch(columns, schema=schema)
    delta.publish(
        root, CORE_COIL_PARTS, delta.stage_batches(root, CORE_COIL_PARTS, "run", [batch]), set(), {}
    )


def at(no):
    day = LAST - timedelta(days=DAYS - 1 - no // COILS_A_DAY)
    time = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=no % COILS_A_DAY)
    return {"coil_id": f"C{no}", "production_day": day, "coiled_at": time}


@pytest.fixture
def weeks(lake, publish):
    """Two weeks of coils in two furnaces at some casting speed; ``counts``: class -> defects of each coil.

    ``faults``: coils with one on their first metres, where the defects of its ``on_it`` lie.
    """
    chance = np.random.default_rng(3)
    speed, furnace = chance.normal(1.3, 0.1, COUNT), chance.integers(1, 3, COUNT)

    def place(is_on_it):
        at_m = chance.uniform(6.0, 29.0) if is_on_it else chance.uniform(35.0, 690.0)
        return {"from_m": at_m, "to_m": at_m + 0.4}

    def published(faults=(), on_it=0, **counts):
        root, rows = lake.settings.lake, [at(no) for no in range(COUNT)]
        own = [
            {"furnace": f"RF{no}", "heat_id": f"H{at // 8}", "campaign": f"K{at // 50}"}
            for at, no in enumerate(furnace)
        ]
        publish(root, CORE_COIL_CONDITIONS, *(row | more for row, more in zip(rows, own, strict=True)))
        named = [{name: row[name] for name in ("coil_id", "production_day")} for row in rows]
        publish_parts(root, named, speed)
        publish(root, CORE_COIL_INSPECTIONS, *(row | {"state": "working"} for row in named))
        found = [
            row | {"defect_id": f"{name}/{no}/{n}", "defect_class": name} | place(no in faults and n < on_it)
            for name, of_coils in counts.items()
            for no, (row, count) in enumerate(zip(named, of_coils, strict=True))
            for n in range(count)
        ]
        publish(root, CORE_COIL_DEFECTS, *found)
        if faults:
            publish(root, MART_PROCESS_FAULTS, *(named[no] | {"from_m": 5.0, "to_m": 30.0} for no in faults))
        return lake.for_table(MART_ROOT_CAUSES)

    return published, chance, speed, furnace


def ranked(lake, columns="defect_class, rank, cause_kind, condition"):
    query = f"select {columns} from mart.root_causes order by defect_class, rank"
    return open_lake(lake.settings.lake).sql(query).fetchall()


@pytest.mark.engines
def test_causes_are_ranked_and_told_and_a_class_of_three_defects_says_so(weeks):
    published, chance, speed, furnace = weeks
    three = np.zeros(COUNT, np.int64)
    three[:3] = 1
    lake = published(
        sliver=chance.poisson(0.3 * np.where(speed > 1.38, 4, 1)),
        scale=chance.poisson(0.3 * np.where(furnace == 2, 3, 1)),
        stain=three,
    )
    job.main(lake, (LAST,))
    scale, by_furnace, sliver, by_speed, stain = ranked(lake, "*")
    rows = ranked(lake)
    assert [row[:3] for row in rows] == [
        ("scale", 0, None),
        ("scale", 1, "equipment"),
        ("sliver", 0, None),
        ("sliver", 1, "signal"),
        ("stain", 0, None),
    ]
    assert rows[1][3] == "furnace RF2" and rows[3][3].startswith("casting_speed_m_min at least 1.3")
    remarks = ranked(lake, "remark, sentence, other_defects")
    assert remarks[4][0] == "3 defects on 840 inspected coils are too few to tell a cause; 10 are needed."
    assert remarks[0][0] is None and "1 ranked" in remarks[0][1]
    told_of = ranked(
        lake, "rate_ratio, exposed_coils + other_coils, false_discovery_ratio, window_days, step, is_new"
    )
    assert 2.2 < told_of[1][0] < 4 and told_of[1][1] == COUNT and told_of[1][2] < 1e-4
    assert told_of[3][3:] == (14, "casting", False) and told_of[1][4] == "reheating"
    assert "times as frequent" in remarks[1][1] and "furnace RF2" in remarks[1][1]


def test_a_process_fault_with_the_defects_on_its_own_metres_leads(weeks):
    published, chance, _, _ = weeks
    off = chance.choice(COUNT, 40, replace=False)
    counts = chance.poisson(0.2, COUNT)
    counts[off] += 3
    lake = published(faults=off.tolist(), on_it=3, sliver=counts)
    job.main(lake, (LAST,))
    [_, row] = ranked(lake, "cause_kind, candidates, condition, local_rate_ratio")
    assert row[0] == "process fault" and row[1] == ["coiling_temp_c off normal"]
    assert row[2].startswith("coiling_temp_c off normal on at least") and row[3] > 20


def test_where_nothing_acts_no_cause_is_told(weeks):
    published, chance, _, _ = weeks
    lake = published(sliver=chance.poisson(0.3, COUNT))
    job.main(lake, (LAST,))
    [(remark,)] = ranked(lake, "remark")
    assert remark.startswith("no candidate is beyond chance in ")


def test_defects_of_few_days_tell_nothing_of_a_cause(weeks):
    published, chance, speed, _ = weeks
    first = np.arange(COUNT) < 4 * COILS_A_DAY
    lake = published(sliver=chance.poisson(np.where(first, np.where(speed > 1.3, 3.0, 0.3), 0)))
    job.main(lake, (LAST,))
    [(remark,)] = ranked(lake, "remark")
    assert "lie on days and campaigns that count as" in remark


@pytest.mark.engines
def test_a_day_without_coils_has_no_rows_and_replaces_what_was_there(weeks):
    published, chance, speed, _ = weeks
    lake = published(sliver=chance.poisson(0.3, COUNT))
    job.main(lake, (LAST, LAST + timedelta(days=90)))
    assert ranked(lake, "production_day, rank") == [(LAST, 0)]


def test_a_class_counts_once_however_many_candidates_move_with_its_cause():
    proxies = [Screened((f"proxy {no}",), (1e-12, 0.5)) for no in range(200)]
    other = [Screened(("other",), (0.9, 3e-4))]
    held = limits(proxies + other)
    assert held.most_p[0].first == 1e-12 and held.most_p[1].first == 0.0
    # 402 tests: the second best class would need 2 x 5 % / 402.
    assert held.rates == (pytest.approx(402e-12), pytest.approx(402 * 3e-4 / 2))
    assert limits([*proxies, Screened(("other",), (0.9, 4e-5))]).most_p[1].first == 4e-5
