"""One hot coil in one HTML file: every signal metre by metre, with limits and places upstream."""

from jobs.strip.page import write_strip

__all__ = ["write_strip"]
