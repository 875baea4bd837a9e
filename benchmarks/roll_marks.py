"""Which rolls mart/roll_marks names, beside the rolls that mark the strips of reference mills.

    python -m benchmarks.roll_marks               20 mills of other seeds than the search was chosen on
    python -m benchmarks.roll_marks --seeds 2 --first-seed 900

Each mill rolls a day of 60 coils at 0.2 samples a second, and every campaign has a roll that marks. A
roll counts where it marks at least three coils. It is named rightly where most of its coils name it, named
among others where most have it among several, named wrongly where most name another. A row of a coil and
side that no roll marks is a false mark.

The last line is a JSON object.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

import duckdb
import pyarrow.parquet as pq

from jobs.lake.queries import open_lake
from jobs.night import bring_in, make_tables, opened_lake
from jobs.progress import Progress
from jobs.settings import Settings
from jobs.write_landing import write_landing
from pipelines.reference_mill.mill import CLEAN, Mill
from schemas.contract import Table
from schemas.lineage import made_tables
from schemas.mart.roll_marks import MART_ROLL_MARKS

FIRST_SEED, SEEDS, LEAST_COILS = 1300, 20, 3
MARKED = f"""
with named as (
    select mark_id, truth.coil_id, truth.roll_id, found.coil_id is not null as is_found,
        found.roll_id = truth.roll_id as is_right,
        list_contains(suspects, stand || ' ' || position || ' ' || truth.roll_id) as is_among
    from truth left join (
        select coil_id, side, roll_id, suspects, from_edge_mm as band_mm from mart.roll_marks
    ) as found on found.coil_id = truth.coil_id and found.side = truth.side
        and abs(band_mm - from_edge_mm) < 60
)
select mark_id, count(*) as coils, count(*) filter (is_found) as found_n,
    count(*) filter (is_right) as right_n, count(*) filter (is_among and is_right is null) as among_n
from named group by mark_id having count(*) >= {LEAST_COILS} order by mark_id
"""
FALSE = """
select count(*) from mart.roll_marks as found where not exists (
    select * from truth where truth.coil_id = found.coil_id and truth.side = found.side
)
"""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seeds", type=int, default=SEEDS)
    asked.add_argument("--first-seed", type=int, default=FIRST_SEED)
    told = asked.parse_args()
    print(json.dumps(measured(range(told.first_seed, told.first_seed + told.seeds))))


def measured(seeds: Iterable[int]) -> dict[str, float]:
    """The figures of the mills of these seeds."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        counts += judged(seed)
        print(seed, dict(counts), flush=True)
    rolls = counts["rolls"] or 1
    shares = {f"roll_named_{how}": round(counts[how] / rolls, 3) for how in ("rightly", "among", "wrongly")}
    rest = {"roll_not_found": round(counts["not found"] / rolls, 3), "rolls": counts["rolls"]}
    return shares | rest | {"false_marks": counts["false"], "coils": counts["coils"]}


def judged(seed: int) -> Counter[str]:
    """How often what happened in one mill."""
    mill = Mill(days=1, seed=seed, readings_hz=0.2, roll_marks=1.0, dirt=CLEAN)
    with TemporaryDirectory() as home:
        settings = Settings.from_environment({"COILMART_HOME": home, "COILMART_SETTLE_S": "0"})
        write_landing(settings.landing, settings.truth, mill)
        with opened_lake(settings) as lake:
            ingested = bring_in(lake, Progress())
            wanted = {path: [mill.first_day] for path in needed(MART_ROLL_MARKS)}
            make_tables(lake, wanted, ingested, Progress())
        connection = open_lake(settings.lake, "mart.roll_marks core.coils")
        connection.register("truth", pq.read_table(settings.truth / "roll_marks"))
        return counted(connection)


def needed(table: Table) -> set[str]:
    """The table with all made tables that it is made from, directly or through others."""
    made = {made.path for made in made_tables()}
    inputs = {declared.table for declared in table.made_from if declared.table.path in made}
    return {table.path}.union(*(needed(one) for one in inputs))


def counted(connection: duckdb.DuckDBPyConnection) -> Counter[str]:
    counts: Counter[str] = Counter()
    for _, coils, found_n, right_n, among_n in connection.execute(MARKED).fetchall():
        how = "wrongly"
        if found_n < 1:
            how = "not found"
        elif 2 * right_n > found_n:
            how = "rightly"
        elif 2 * (right_n + among_n) > found_n:
            how = "among"
        counts.update({how: 1, "rolls": 1, "marked coils": coils, "found coils": found_n})
    counts["false"] = connection.execute(FALSE).fetchone()[0]
    counts["coils"] = connection.execute("select count(*) from core.coils").fetchone()[0]
    return counts


if __name__ == "__main__":
    main()
