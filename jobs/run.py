"""One run: its name, its clock, the version of the code, and what it wrote."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version

from jobs.checks import Finding
from schemas.contract import Table

Days = tuple[date, ...]
"""Production days in order."""


@dataclass(frozen=True)
class Written:
    """What a run made of one table: the days published, those kept back, and what the checks found."""

    table: Table
    published: Days
    blocked: Days
    findings: list[Finding]


@dataclass(frozen=True)
class Run:
    """One run; ``written`` grows table by table, ``problems`` by what was left alone, a sentence each.

    ``notes``: what whoever reads the run's end should know, and what fails nothing.
    """

    run_id: str
    started_at: datetime
    written: list[Written] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def start(cls) -> "Run":
        """A run that starts now."""
        now = datetime.now(UTC)
        return cls(f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}", now)

    @property
    def code_version(self) -> str:
        """The version of coilmart that runs."""
        return version("coilmart")

    def commit(self, table: Table) -> dict[str, str]:
        """What a commit says of where its rows come from."""
        inputs = ", ".join(declared.table.path for declared in table.made_from)
        return {"run_id": self.run_id, "code_version": self.code_version, "inputs": inputs}
