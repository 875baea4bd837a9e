"""What `coilmart sql` answers, and what it refuses."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.lake.queries import open_lake
from jobs.sql import QueryError, run_query
from schemas.mart.coil_yields import MART_COIL_YIELDS
from schemas.raw.coils import RAW_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

SUPERSEDED = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(tmp_path_factory, publish):
    root = str(tmp_path_factory.mktemp("lake"))
    publish(
        root, RAW_COILS, {"coil_id": "C1", "mass_t": 21.0}, {"coil_id": "C1", "superseded_at": SUPERSEDED}
    )
    publish(
        root,
        MART_COIL_YIELDS,
        {"piece_id": "S1", "prime_yield_pct": 97.272727, "grade": 'S355"MC'},
        {"piece_id": "S2", "prime_yield_pct": None, "not_computable": "no mass in"},
    )
    return root


@pytest.fixture
def answer(lake, capsys):
    def printed(query, form="table", **options):
        run_query(lake, query, form, **options)
        return capsys.readouterr().out

    return printed


def test_a_raw_table_gives_the_rows_that_hold_and_its_history_all(answer):
    assert json.loads(answer("select mass_t from raw.coils", "json")) == [{"mass_t": 21.0}]
    assert json.loads(answer('select count(*) as n from raw."coils$history"', "json")) == [{"n": 2}]


def test_a_table_for_people_has_few_digits_numbers_to_the_right_and_a_dash_where_nothing_is(answer):
    assert answer("select piece_id, prime_yield_pct, worked_at from mart.coil_yields order by 1") == (
        "piece_id  prime_yield_pct  worked_at\n"
        "────────  ───────────────  ────────────────────\n"
        "S1                 97.273  2026-11-20T08:30:00Z\n"
        "S2                      –  2026-11-20T08:30:00Z\n"
        "\n2 rows\n"
    )


def test_csv_keeps_every_digit_and_quotes_what_needs_it(answer):
    found = answer("select piece_id, grade, prime_yield_pct from mart.coil_yields order by 1", "csv")
    assert list(csv.DictReader(io.StringIO(found))) == [
        {"piece_id": "S1", "grade": 'S355"MC', "prime_yield_pct": "97.272727"},
        {"piece_id": "S2", "grade": "S355MC", "prime_yield_pct": ""},
    ]
    assert "\r" not in found


def test_json_says_times_in_utc_and_null_for_what_is_no_number(answer):
    query = (
        "select timestamptz '2026-11-20 09:30:00+01' as at, 'nan'::double as x, map {'F7': 'WR-1'} as rolls"
    )
    found = [{"at": "2026-11-20T08:30:00Z", "x": None, "rolls": {"F7": "WR-1"}}]
    assert json.loads(answer(query, "json")) == found
    assert json.loads(answer("select 1 as one where false", "json")) == []


def test_a_sum_is_a_number_in_json_however_wide_its_type(answer):
    found = json.loads(answer("select sum(range) as n, 2.5 as x from range(4)", "json"))
    assert found == [{"n": 6, "x": 2.5}]


def test_parquet_carries_the_types(answer, tmp_path):
    file = tmp_path / "answer.parquet"
    assert answer("select worked_at, prime_yield_pct from mart.coil_yields", "parquet", output=file) == ""
    assert pq.read_table(file).schema.types == [pa.timestamp("us", "UTC"), pa.float64()]


def test_a_limit_holds_in_every_format(answer):
    assert len(json.loads(answer("from mart.coil_yields", "json", limit=1))) == 1
    assert answer("select 1 as one from range(50)", limit=2).count("1\n") == 2


def test_a_table_never_made_is_empty_with_its_columns_and_says_so(lake, capsys):
    run_query(lake, "from raw.finishing_readings", "csv")
    printed = capsys.readouterr()
    assert printed.out.strip().split(",") == list(RAW_FINISHING_READINGS.field_names)
    assert printed.err == f"raw/finishing_readings has not been made yet in {lake}.\n"


def test_what_a_plant_typed_cannot_move_the_cursor(answer):
    assert "\\x1b[31mred" in answer("select chr(27) || '[31mred' as code")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from mart.coil_yilds", "none named mart.coil_yilds; is it mart.coil_yields?"),
        ("from coil_yields", "none named coil_yields; is it mart.coil_yields?"),
        ("from zinc_pots", "none named zinc_pots; `coilmart tables` lists what there is."),
        ("select coil_idd from raw.coils", '"coil_idd" not found'),
        ("select 'x'::int", "Could not convert string 'x'"),
        ("selec 1", 'syntax error at or near "selec"'),
        ("select 1; select 2", "found 2 queries; give one"),
        ("", "found 0 queries; give one"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why_in_one_sentence(answer, query, sentence):
    with pytest.raises(QueryError) as refusal:
        answer(query)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


WRITES = [
    "copy (select 1) to '{file}'",
    "with kept as (copy (select 1) to '{file}' (use_tmp_file false)) select 1",
    "explain analyze copy (select 1) to '{file}'",
    "export database '{file}'",
    "attach '{file}'",
    "create persistent secret kept (type s3)",
    "select * from query('copy (select 1) to ''{file}''')",
]
READS = [
    "from '/etc/passwd'",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from parquet_metadata('/etc/passwd')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/etc/*')",
    "from 'https://example.com/x.csv'",
    "select getenv('HOME')",
    "from secret_of_the_process",
]
UNLOCKS = [
    "set enable_external_access = true",
    "reset lock_configuration",
    "set allowed_directories = ['/']",
    "set python_enable_replacements = true",
    "install httpfs",
    "load httpfs",
    "pragma enable_profiling",
    "checkpoint",
]


@pytest.mark.parametrize("query", [*WRITES, *READS, *UNLOCKS])
def test_a_query_can_neither_write_nor_read_outside_the_lake(answer, tmp_path, query):
    secret_of_the_process = pa.table({"secret": [1]})
    with pytest.raises(QueryError):
        answer(query.format(file=tmp_path / "kept"))
    assert secret_of_the_process.num_rows == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("query", [*WRITES, *READS, *UNLOCKS[:-2]])
def test_the_connection_itself_refuses_even_without_the_look_at_the_statement(lake, tmp_path, query):
    import duckdb

    secret_of_the_process = pa.table({"secret": [1]})
    with pytest.raises(duckdb.Error):
        open_lake(lake).execute(query.format(file=tmp_path / "kept")).fetchall()
    assert secret_of_the_process.num_rows == 1
    assert not list(tmp_path.iterdir())


def test_a_query_imports_neither_pandas_nor_spark_nor_plotly(lake):
    program = (
        "import sys; from jobs.sql import run_query; run_query(sys.argv[1], 'from mart.coil_yields');"
        "print({'pandas', 'pyspark', 'plotly', 'great_expectations', 'jinja2'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", program, lake], capture_output=True, text=True, check=True)
    assert found.stdout.endswith("set()\n")
