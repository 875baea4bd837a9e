"""Read and write frames: only what a contract declares, checked before it is published."""

import uuid
from collections.abc import Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.auditing import start_audit
from jobs.checks import Finding
from jobs.lake import delta
from jobs.lake.columns import signals_beside
from jobs.lake.delta import DAY, DataFile
from jobs.run import Days, Run, Written
from jobs.settings import Settings
from schemas.contract import Table
from schemas.lineage import days_read


class ContractError(ValueError):
    """A frame breaks the promise of the table that it was meant for."""


@dataclass(frozen=True)
class Lake:
    """The tables as one job sees them: ``making`` is the table that it makes."""

    spark: SparkSession
    settings: Settings
    run: Run
    making: Table | None = None
    own: str = ""
    """What tells the files of the table being made from others of the run: it may make a table twice."""

    @property
    def folder(self) -> str:
        """Where in a table's folder files are staged."""
        return f"{self.run.run_id}{self.own}"

    def for_table(self, table: Table) -> "Lake":
        """The same lake for the job that makes that table."""
        return replace(self, making=table, own=f"-{uuid.uuid4().hex[:6]}")

    def read(self, table: Table, days: Days) -> DataFrame:
        """The rows of the table that these days are made from, by the declared window; raw rows that hold.

        A ContractError where the table being made does not declare the input.
        """
        if self.making is None:
            raise ContractError(
                "A read promises to serve the table being made, but none is; use for_table first."
            )
        try:
            declared = self.making.input(table)
        except KeyError as error:
            raise ContractError(error.args[0]) from error
        rows = self._all_rows(table).where(_within(days_read(declared, [day]) for day in days))
        return rows.where("superseded_at is null") if table.layer == "raw" else rows

    def write(self, table: Table, days: Days, rows: DataFrame) -> None:
        """Replace those days of the table in one commit, where its blocking promises hold."""
        if self.making is None or table.path != self.making.path:
            raise ContractError(
                f"The job promises to make {self.making}, but wrote {table.path}; split the job."
            )
        staged = self._stage(table, days, rows)
        findings = self.check(table, staged)
        self.publish(table, staged, findings, replaced_days=days)

    def check(self, table: Table, staged: Collection[DataFile]) -> list[Finding]:
        """What the contract's promises find in all that the run staged; nothing where nothing was staged."""
        return self.start_check(table, staged).result() if staged else []

    def start_check(self, table: Table, staged: Collection[DataFile]) -> Future[list[Finding]]:
        """The same, to be waited for later."""
        folder = f"{delta.table_uri(self.settings.lake, table)}/{self.folder}"
        return start_audit(folder, table, _rows_by_day(staged))

    def publish(
        self,
        table: Table,
        staged: Collection[DataFile],
        findings: list[Finding],
        replaced_days: Collection[date],
    ) -> None:
        """Commit the days without a broken blocking promise; a day with one keeps what it had."""
        blocked = {finding.day for finding in findings if finding.blocks}
        good = [file for file in staged if file.day not in blocked]
        days = {*replaced_days, *(file.day for file in staged)}
        replaced = set(replaced_days) - blocked
        if good or replaced:
            commit = self.run.commit(table)
            delta.publish(self.settings.lake, table, good, replaced, commit)
        delta.discard(self.settings.lake, table, [file for file in staged if file.day in blocked])
        published = tuple(sorted(days - blocked))
        self.run.written.append(Written(table, published, tuple(sorted(blocked)), findings))

    def _all_rows(self, table: Table) -> DataFrame:
        stored = delta.schema_in_lake(self.settings.lake, table)
        if stored is None:
            return self.spark.createDataFrame([], table.ddl)
        # By the table's log: each look at an engine's frame is a plan that it has to resolve.
        has = {column.name for column in stored.fields}
        # A table of an older contract lacks the newer fields; they are empty there.
        fields = (
            F.col(f.name) if f.name in has else F.lit(None).cast(f.type).alias(f.name)
            for f in table.with_fields(signals_beside(table, stored)).fields
        )
        uri = delta.table_uri(self.settings.lake, table)
        return self.spark.read.format("delta").load(uri).select(*fields)

    def _stage(self, table: Table, days: Days, rows: DataFrame) -> list[DataFile]:
        uri = delta.table_uri(self.settings.lake, table)
        (
            conform(rows, table)
            # A day of a table is one file, in the order of its key.
            .repartition(DAY)
            .sortWithinPartitions(DAY, *(name for name in table.key if name != DAY))
            .write.partitionBy(DAY)
            .mode("overwrite")
            .parquet(f"{uri}/{self.folder}")
        )
        staged = delta.staged_files(self.settings.lake, table, self.folder)
        if outside := sorted({str(file.day) for file in staged} - {str(day) for day in days}):
            delta.discard(self.settings.lake, table, staged)
            raise ContractError(
                f"{table.path} promises the days {_span(days)}, but rows of {', '.join(outside)} were made; "
                "keep the pipeline to the days that its job was asked for."
            )
        return staged


def conform(rows: DataFrame, table: Table) -> DataFrame:
    """The promised fields in the promised order, or a ContractError that says what is missing."""
    if missing := [name for name in table.field_names if name not in rows.columns]:
        raise ContractError(
            f"{table.path} promises {missing}, but the frame has only {rows.columns}; "
            "add them in pipelines/, or take the promise out of schemas/."
        )
    return rows.select([F.col(field.name).cast(field.type).alias(field.name) for field in table.fields])


def _within(spans: Iterable[tuple[date, date]]) -> Column:
    """True on the days of these spans; neighbouring and overlapping spans become one."""
    ordered = sorted(spans)
    starts = [ordered[0][0]]
    ends = []
    for (_, end), (start, _) in pairwise(ordered):
        if start > end + timedelta(days=1):
            ends.append(end)
            starts.append(start)
    ends.append(ordered[-1][1])
    within = F.lit(False)
    for start, end in zip(starts, ends, strict=True):
        within = within | F.col(DAY).between(F.lit(start), F.lit(end))
    return within


def _rows_by_day(files: Iterable[DataFile]) -> dict[date, int]:
    rows: dict[date, int] = {}
    for file in files:
        rows[file.day] = rows.get(file.day, 0) + file.rows
    return rows


def _span(days: Days) -> str:
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"
