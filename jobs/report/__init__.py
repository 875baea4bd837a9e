"""The nightly report: one HTML file that opens offline, a section per question, a file per section."""

from jobs.report.page import write_report

__all__ = ["write_report"]
