"""The contract's promises, checked by Great Expectations in one batch before anything is published."""

import importlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from schemas.contract import Field, Promise, Severity, Table

# Great Expectations asks these when it is imported: nothing is sent, nothing is written in the home folder.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

KEPT = "kept__"
"""Prefix of the columns that hold whether a row keeps a promise of the contract."""

_IMPORTING = threading.Lock()


class CheckError(RuntimeError):
    """A promise could not be checked."""


@dataclass(frozen=True, eq=False)
class Check:
    """One promise as Great Expectations says it, and as a condition that picks the rows that break it."""

    promise: str
    severity: Severity
    expectation: str
    arguments: Mapping[str, object]
    broken: str


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
    return [_of_key(table.key), *of_fields, *(_of_promise(promise) for promise in _conditions(table))]


def _conditions(table: Table) -> tuple[Promise, ...]:
    doubles = [field.name for field in table.fields if field.type == "double"]
    if not doubles:
        return table.promises
    # Limits do not see a NaN: Great Expectations takes it for missing on one engine and not on the other.
    none = " and ".join(f"not isnan({name})" for name in doubles)
    return (Promise("numbers", none, "No number is NaN; what was not measured is missing."), *table.promises)


def _of_key(key: tuple[str, ...]) -> Check:
    name = f"{', '.join(key)} is unique"
    if len(key) == 1:
        return Check(
            name, Severity.BLOCK, "ExpectColumnValuesToBeUnique", {"column": key[0]}, f"{KEPT}copies > 1"
        )
    arguments = {"column_list": list(key)}
    return Check(name, Severity.BLOCK, "ExpectCompoundColumnsToBeUnique", arguments, f"{KEPT}copies > 1")


def _of_field(field: Field) -> Iterator[Check]:
    name = field.name
    if field.required:
        yield Check(
            f"{name} is there",
            Severity.BLOCK,
            "ExpectColumnValuesToNotBeNull",
            {"column": name},
            f"{name} is null",
        )
    if field.values:
        listed = ", ".join(f"'{value}'" for value in field.values)
        yield Check(
            f"{name} is one of {', '.join(field.values)}",
            Severity.BLOCK,
            "ExpectColumnValuesToBeInSet",
            {"column": name, "value_set": list(field.values)},
            f"{name} not in ({listed})",
        )
    if field.minimum is not None or field.maximum is not None:
        bounds = {"min_value": field.minimum, "max_value": field.maximum}
        # 1.5 would be a decimal, which a NaN cannot be compared with; 1.5e0 is a double.
        broken = [f"{name} < {field.minimum:.17e}"] if field.minimum is not None else []
        broken += [f"{name} > {field.maximum:.17e}"] if field.maximum is not None else []
        yield Check(
            f"{name} is {_between(field)}",
            Severity.WARN,
            "ExpectColumnValuesToBeBetween",
            {"column": name, **bounds},
            " or ".join(broken),
        )


def _between(field: Field) -> str:
    unit = f" {field.unit}" if field.unit else ""
    if field.minimum is None:
        return f"at most {field.maximum:g}{unit}"
    if field.maximum is None:
        return f"at least {field.minimum:g}{unit}"
    return f"from {field.minimum:g} to {field.maximum:g}{unit}"


def _of_promise(promise: Promise) -> Check:
    arguments = {"column": KEPT + promise.name, "value_set": [True]}
    return Check(
        promise.meaning,
        promise.severity,
        "ExpectColumnValuesToBeInSet",
        arguments,
        f"not ({promise.condition})",
    )


def warm_up() -> None:
    """Import Great Expectations beside the first steps of a run, which wait for files and engines."""
    threading.Thread(target=_expectations, daemon=True).start()


def _expectations() -> ModuleType:
    # Two threads that import the same packages from different ends meet halfway, in modules half made.
    with _IMPORTING:
        return importlib.import_module("great_expectations.expectations")


def audit(rows: DataFrame, table: Table, rows_by_day: Mapping[date, int]) -> list[Finding]:
    """One finding per promise and day; the rows are read in one pass unless a promise is broken."""
    promised = {KEPT + promise.name: F.expr(promise.condition) for promise in _conditions(table)}
    batch = rows.withColumns(promised) if promised else rows
    every = checks(table)
    broken = _broken(batch, every)
    findings = []
    for check in every:
        found = _rows_that_break(rows, table, check) if check in broken else {}
        for day, count in rows_by_day.items():
            rows_broken, examples = found.get(day, (0, None))
            findings.append(Finding(day, check, count, rows_broken, examples))
    return findings


def _broken(batch: DataFrame, every: Iterable[Check]) -> list[Check]:
    gxe = _expectations()
    from great_expectations import ExpectationSuite

    ordered = list(every)
    suite = ExpectationSuite(
        "promises",
        # The place in the list travels with the expectation, since results come in another order.
        expectations=[
            getattr(gxe, c.expectation)(**c.arguments, meta={"no": no}) for no, c in enumerate(ordered)
        ],
    )
    found = _whole_frame().get_batch({"dataframe": batch}).validate(suite, result_format="BOOLEAN_ONLY")
    failed = {
        ordered[r.expectation_config.meta["no"]]: r.exception_info for r in found.results if not r.success
    }
    for check, exception in failed.items():
        if "raised_exception': True" in str(exception):
            raise CheckError(
                f"A check promises a yes or no to '{check.promise}', but it ended in {exception}; "
                "mend the promise in schemas/, or the engine."
            )
    return list(failed)


@cache
def _whole_frame() -> Any:
    """A batch definition of any frame."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_spark("lake").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("days")


def _rows_that_break(rows: DataFrame, table: Table, check: Check) -> dict[date, tuple[int, str]]:
    if "copies" in check.broken:
        same_key = Window.partitionBy(*table.key)
        rows = rows.withColumn(f"{KEPT}copies", F.count(F.lit(1)).over(same_key))
    concerned = [check.arguments.get("column")]
    shown = dict.fromkeys([*table.key, *(name for name in concerned if name in table.field_names)])
    example = F.concat_ws(", ", *(_named(name) for name in shown))
    per_day = (
        rows.where(check.broken)
        .groupBy("production_day")
        .agg(F.count(F.lit(1)).alias("n"), F.min(example).alias("first"), F.max(example).alias("last"))
    )
    return {
        row.production_day: (row.n, "; ".join(sorted({row.first, row.last}))) for row in per_day.collect()
    }


def _named(name: str) -> Column:
    return F.concat(F.lit(f"{name} "), F.coalesce(F.col(name).cast("string"), F.lit("missing")))
