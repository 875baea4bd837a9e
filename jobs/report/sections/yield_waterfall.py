"""Where the charged mass went."""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from jobs.report.blocks import Block, Column, Grid, Note, Picture, Row
from jobs.report.pictures import waterfall
from jobs.report.reading import read
from jobs.report.wording import listed, number, tonnes
from jobs.wording import counted
from schemas.mart.yield_ledger import ACCOUNTS

ORDER = 20
TITLE = "Where the yield went"
QUESTION = "What became of every tonne that the line took in?"

LEAST_T = 0.005
SUMS = ", ".join(
    f"sum({name}_mass_t) filter (unaccounted_mass_t is not null) as {name}" for name in ("charged", *ACCOUNTS)
)
QUERY = f"""
select line, count(*) as pieces, count(unaccounted_mass_t) as balanced,
    list_sort(list_distinct(flatten(list(estimated) filter (estimated is not null)))) as estimated,
    mode(not_computable order by not_computable) as reason, {SUMS}
from mart.yield_ledger where production_day = $day
group by line order by charged desc nulls last, line
"""
OPEN_BALANCES = """
select line, piece_id, coil_id, shift, grade, charged_mass_t, unaccounted_mass_t, unaccounted_pct
from mart.yield_ledger where production_day = $day and not is_within_tolerance
order by abs(unaccounted_mass_t) desc, piece_id
"""
MOST_SHOWN = 10
COLUMNS = (
    Column("line", "Line"),
    Column("piece_id", "Piece"),
    Column("coil_id", "Coil"),
    Column("shift", "Shift"),
    Column("grade", "Grade"),
    Column("charged_mass_t", "Charged", "t", 2),
    Column("unaccounted_mass_t", "Unaccounted", "t", 3),
    Column("unaccounted_pct", "Unaccounted", "% of charged", 2),
)


def content(connection: duckdb.DuckDBPyConnection, day: date) -> Iterator[Block]:
    """A waterfall per line, then the pieces whose balance does not close."""
    lines = read(connection, QUERY, day)
    if not lines:
        yield Note(f"No line took in a piece on {day}.")
        return
    yield from (_picture(line) for line in lines if line["charged"])
    yield from (_left_out(line) for line in lines if line["balanced"] < line["pieces"])
    open_balances = read(connection, OPEN_BALANCES, day)
    if open_balances:
        shown = open_balances[:MOST_SHOWN]
        caption = "Balances that do not close within what the scales can tell"
        more = f", the {len(shown)} furthest off" if len(open_balances) > len(shown) else ""
        yield Grid(f"{caption}: {counted(len(open_balances), 'piece')}{more}", COLUMNS, shown)


def _left_out(line: Row) -> Note:
    without = f"{line['pieces'] - line['balanced']:,} of {counted(line['pieces'], 'piece')}"
    return Note(
        f"{line['line']}: the balance of {without} is not computable: {line['reason'] or 'no reason given'}.",
        "bad",
    )


def _picture(line: Row) -> Picture:
    charged = line["charged"]
    lost = [account for account in ACCOUNTS if account != "prime" and abs(line[account] or 0) >= LEAST_T]
    names = ["charged", *(_named(account, line["estimated"] or []) for account in lost), "prime"]
    prime = line["prime"] or 0.0
    changes = [charged, *(-line[account] for account in lost), prime]
    masses = [charged, *(line[account] for account in lost), prime]
    shares = [f" · {number(100 * mass / charged, 2)} %" for mass in masses]
    texts = [tonnes(mass) + share for mass, share in zip(masses, ["", *shares[1:]], strict=True)]
    return Picture(
        f"{line['line']}: from charged to prime, in t and in % of charged",
        waterfall(names, changes, texts, "t"),
        f"Of {tonnes(charged)} charged {tonnes(prime)} became prime. {_losses_said(lost, line)}",
    )


def _named(account: str, estimated: Sequence[str]) -> str:
    return f"{account} (estimated)" if account in estimated else account


def _losses_said(lost: Sequence[str], line: Row) -> str:
    if not lost:
        return "Nothing was lost."
    return f"The rest: {listed([f'{account} {tonnes(line[account])}' for account in lost])}."
