"""The contract's promises, checked by Great Expectations over all rows before they are published.

Promises of a kind (what must be there, what is one of a list, what has limits) are one expectation: that is
all that a good day costs. What breaks is told promise by promise, by a second look at that kind.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from schemas.contract import Field, Promise, Severity, Table

KEPT = "kept__"
"""Prefix of the columns that hold whether a row keeps the promises of a kind."""

KEY = "key"


class CheckError(RuntimeError):
    """A promise could not be checked."""


@dataclass(frozen=True, eq=False)
class Check:
    """One promise of a kind, and the SQL condition that picks the rows that break it; ``column``: of one."""

    promise: str
    severity: Severity
    kind: str
    broken: str
    column: str | None = None


@dataclass(frozen=True)
class Finding:
    """What one promise was found to be on one production day."""

    day: date
    check: Check
    rows_checked: int
    rows_broken: int
    examples: str | None

    @property
    def blocks(self) -> bool:
        """True where the day must not be published."""
        return self.rows_broken > 0 and self.check.severity is Severity.BLOCK


def checks(table: Table) -> list[Check]:
    """Every promise of the contract: key, required fields, values, limits and its own conditions."""
    of_fields = (check for field in table.fields for check in _of_field(field))
    return [_of_key(table.key), *of_fields, *map(_of_promise, _conditions(table))]


def _conditions(table: Table) -> tuple[Promise, ...]:
    doubles = [field.name for field in table.fields if field.type == "double"]
    if not doubles:
        return table.promises
    # Limits do not see a NaN: one engine takes it for missing and another for the greatest number.
    none = " and ".join(f"not isnan({name})" for name in doubles)
    return (Promise("numbers", none, "No number is NaN; what was not measured is missing."), *table.promises)


def _of_key(key: tuple[str, ...]) -> Check:
    names = ", ".join(key)
    return Check(f"{names} is unique", Severity.BLOCK, KEY, f"count(*) over (partition by {names}) > 1")


def _of_field(field: Field) -> Iterator[Check]:
    name = field.name
    if field.required:
        yield Check(f"{name} is there", Severity.BLOCK, "required", f"{name} is null", name)
    if field.values:
        listed = ", ".join(f"'{value}'" for value in field.values)
        one_of = f"{name} is one of {', '.join(field.values)}"
        yield Check(one_of, Severity.BLOCK, "values", f"{name} not in ({listed})", name)
    # 1.5 would be a decimal, which a NaN cannot be compared with; 1.5e0 is a double.
    outside = [f"{name} < {field.minimum:.17e}"] if field.minimum is not None else []
    outside += [f"{name} > {field.maximum:.17e}"] if field.maximum is not None else []
    if outside:
        yield Check(f"{name} is {_between(field)}", Severity.WARN, "limits", " or ".join(outside), name)


def _between(field: Field) -> str:
    unit = f" {field.unit}" if field.unit else ""
    if field.minimum is None:
        return f"at most {field.maximum:g}{unit}"
    if field.maximum is None:
        return f"at least {field.minimum:g}{unit}"
    return f"from {field.minimum:g} to {field.maximum:g}{unit}"


def _of_promise(promise: Promise) -> Check:
    return Check(promise.meaning, promise.severity, promise.name, f"not ({promise.condition})")


def audit(rows: DataFrame, table: Table, rows_by_day: Mapping[date, int]) -> list[Finding]:
    """One finding per promise and day; the rows are read in one pass unless a promise is broken."""
    by_kind: dict[str, list[Check]] = {}
    for check in checks(table):
        by_kind.setdefault(check.kind, []).append(check)
    suspects = [check for kind in _broken_kinds(rows, table, by_kind) for check in by_kind[kind]]
    found = _rows_that_break(rows, table, suspects) if suspects else {}
    return [
        Finding(day, check, count, *found.get((check, day), (0, None)))
        for of_kind in by_kind.values()
        for check in of_kind
        for day, count in rows_by_day.items()
    ]


def _broken_kinds(rows: DataFrame, table: Table, by_kind: Mapping[str, Iterable[Check]]) -> list[str]:
    # As many keys as rows. Keys that differ can share a hash: then the second look finds nothing.
    kept = {KEPT + KEY: F.xxhash64(*table.key)}
    for kind, of_kind in by_kind.items():
        if kind != KEY:
            broken = " or ".join(f"({check.broken})" for check in of_kind)
            # What is missing breaks no condition.
            kept[KEPT + kind] = F.coalesce(~F.expr(broken), F.lit(True))
    batch = rows.select([column.alias(name) for name, column in kept.items()])
    found = (
        _whole_frame().get_batch({"dataframe": batch}).validate(_suite(kept), result_format="BOOLEAN_ONLY")
    )
    failed = {r.expectation_config.kwargs["column"]: r.exception_info for r in found.results if not r.success}
    for column, exception in failed.items():
        if "raised_exception': True" in str(exception):
            raise CheckError(
                f"A check promises a yes or no to {column.removeprefix(KEPT)!r} of {table.path}, but it "
                f"ended in {exception}; mend the promise in schemas/, or the engine."
            )
    return [column.removeprefix(KEPT) for column in failed]


def _suite(columns: Iterable[str]) -> Any:
    from great_expectations import ExpectationSuite
    from great_expectations import expectations as gxe

    return ExpectationSuite(
        "promises",
        expectations=[
            gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column=name, min_value=1)
            if name == KEPT + KEY
            else gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[True])
            for name in columns
        ],
    )


@cache
def _whole_frame() -> Any:
    """A batch definition of any frame."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_spark("lake").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("days")


def _rows_that_break(
    rows: DataFrame, table: Table, suspects: list[Check]
) -> dict[tuple[Check, date], tuple[int, str]]:
    """How many rows of a day break a promise, and two of them."""
    names = [f"broken__{no}" for no in range(len(suspects))]
    marked = rows.withColumns(
        {name: F.expr(check.broken) for name, check in zip(names, suspects, strict=True)}
    )
    counts = marked.groupBy("production_day").agg(
        *(F.sum(F.when(F.col(name), 1).otherwise(0)).alias(name) for name in names)
    )
    of_days = counts.collect()
    found: dict[tuple[Check, date], tuple[int, str]] = {}
    for name, check in zip(names, suspects, strict=True):
        days = {row.production_day: row[name] for row in of_days if row[name]}
        examples = _examples(marked.where(name), table, check) if days else {}
        found |= {(check, day): (count, examples[day]) for day, count in days.items()}
    return found


def _examples(broken: DataFrame, table: Table, check: Check) -> dict[date, str]:
    shown = dict.fromkeys([*table.key, *([check.column] if check.column else [])])
    example = F.concat_ws(", ", *map(_named, shown))
    ends = broken.groupBy("production_day").agg(F.min(example).alias("first"), F.max(example).alias("last"))
    return {row.production_day: "; ".join(sorted({row.first, row.last})) for row in ends.collect()}


def _named(name: str) -> Column:
    return F.concat(F.lit(f"{name} "), F.coalesce(F.col(name).cast("string"), F.lit("missing")))
