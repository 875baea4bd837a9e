"""What arrived, and what of it could not be kept."""

from collections.abc import Iterator
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note
from jobs.report.reading import read
from jobs.wording import counted

ORDER = 60
TITLE = "What arrived"
QUESTION = "Which deliveries came for the day, and where did each of their rows go?"

# A file without a row that was kept touches no day, one with a slip in the year a day that nobody will look
# at: they are shown with those that came in the same ingest.
DELIVERIES = """
with of_the_day as (select * from core.ingest_ledger where list_contains(days_touched, $day)),
arrived as (
    from of_the_day
    union
    select * from core.ingest_ledger
    where (len(coalesce(days_touched, [])) = 0 or list_min(days_touched) > production_day + 2)
        and ingest_no in (select ingest_no from of_the_day)
),
standing as (select * from arrived where status <> 'replaced')
"""
LEDGER = (
    DELIVERIES
    + """
select table_path, count(*) as deliveries, sum(rows_read) as rows_read, sum(rows_kept) as rows_kept,
    sum(rows_quarantined) as rows_quarantined, sum(rows_duplicate) as rows_duplicate,
    sum(rows_superseding) as rows_superseding, sum(cells_faulty) as cells_faulty
from standing group by table_path order by table_path
"""
)
WORDS = (
    DELIVERIES
    + """
select source_file, table_path, status, message, unknown_columns from arrived
where message is not null or status in ('replaced', 'empty', 'unreadable') or len(unknown_columns) > 0
order by source_file, table_path
"""
)
QUARANTINED = (
    DELIVERIES
    + """
select table_path, reason, count(*) as rows_quarantined,
    arg_min(source_file, (source_file, row_number)) as source_file,
    arg_min(coalesce(line_no, row_number), (source_file, row_number)) as line_no,
    left(arg_min(original, (source_file, row_number)), 160) as original
from core.quarantine where (delivery_id, table_path) in (select (delivery_id, table_path) from standing)
group by all order by rows_quarantined desc, table_path, reason limit 20
"""
)
FAULTY_CELLS = """
select table_path, column_name, count(*) as cells, min(reason) as reason, min(source_file) as source_file
from core.cell_faults where production_day = $day
group by all order by cells desc, table_path, column_name limit 20
"""
LATE = """
with touched as (select table_path, ingest_no, unnest(days_touched) as touched_day from core.ingest_ledger)
select late.touched_day, string_agg(distinct late.table_path, ', ' order by late.table_path) as tables
from touched late
where late.touched_day < $day
    and late.ingest_no in (select ingest_no from touched where touched_day = $day)
    and exists (from touched known where known.table_path = late.table_path
        and known.touched_day = late.touched_day and known.ingest_no < late.ingest_no)
group by late.touched_day order by late.touched_day
"""
LEDGER_COLUMNS = (
    Column("table_path", "Source"),
    Column("deliveries", "Files"),
    Column("rows_read", "Rows read"),
    Column("rows_kept", "Kept"),
    Column("rows_quarantined", "Quarantined"),
    Column("rows_duplicate", "Duplicate"),
    Column("rows_superseding", "Kept in place of older"),
    Column("cells_faulty", "Faulty cells"),
)
WORDS_COLUMNS = (
    Column("source_file", "File"),
    Column("table_path", "Source"),
    Column("status", "Status"),
    Column("message", "What to know"),
    Column("unknown_columns", "Columns beside the contract's"),
)
QUARANTINED_COLUMNS = (
    Column("rows_quarantined", "Rows"),
    Column("table_path", "Source"),
    Column("reason", "Reason"),
    Column("source_file", "First in file"),
    Column("line_no", "Line or row"),
    Column("original", "As delivered"),
)
FAULTY_COLUMNS = (
    Column("cells", "Cells"),
    Column("table_path", "Source"),
    Column("column_name", "Column"),
    Column("reason", "A reason"),
    Column("source_file", "A file"),
)
LATE_COLUMNS = (Column("touched_day", "Day"), Column("tables", "Changed by later deliveries"))


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """The ledger per source, then quarantined rows, faulty cells, remarkable files and late days."""
    ledger = read(connection, LEDGER, day)
    if not ledger:
        yield Note(f"Nothing arrived for {day}.", "bad")
        return
    totals = {key: sum(row[key] for row in ledger) for key in ("rows_read", "rows_quarantined", "deliveries")}
    yield Note(
        f"{counted(totals['rows_read'], 'row')} in {counted(totals['deliveries'], 'file')}, "
        f"{totals['rows_quarantined']:,} of them quarantined. "
        "Read = kept + quarantined + duplicate, file by file.",
        "plain" if totals["rows_quarantined"] else "good",
    )
    yield Grid("Deliveries by source", LEDGER_COLUMNS, ledger)
    for caption, columns, query in (
        ("Quarantined rows by reason, the most frequent first", QUARANTINED_COLUMNS, QUARANTINED),
        ("Cells of readings that hold no measurement", FAULTY_COLUMNS, FAULTY_CELLS),
        ("Files to look at", WORDS_COLUMNS, WORDS),
        ("Earlier days that late or corrected files changed", LATE_COLUMNS, LATE),
    ):
        rows = read(connection, query, day)
        if rows:
            yield Grid(caption, columns, rows)
