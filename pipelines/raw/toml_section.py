"""One section of a source.toml: its values by key, or one sentence that says what is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import UnionType
from typing import Any


class SourceMapError(ValueError):
    """A source.toml that cannot mean what it says."""


@dataclass(frozen=True)
class Section:
    """What stands in one place; ``where`` names the place in a message."""

    where: str
    found: Mapping[str, Any]

    def error(self, promised: str, found: object, remedy: str) -> SourceMapError:
        """The three parts of a message."""
        return SourceMapError(f"{self.where} promises {promised}, but {found}; {remedy}.")

    def only(self, allowed: Collection[str]) -> "Section":
        """This section; an error for a key that nothing reads: a slip of the pen must not pass in silence."""
        for key in self.found:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                remedy = f"write {near[0]!r}, or take it out" if near else "take it out"
                raise self.error(f"the keys {', '.join(allowed)}", f"{key!r} was found", remedy)
        return self

    def text(self, key: str) -> str | None:
        """A text, or None where the key is not there."""
        return self._typed(key, str, "a text in quotes")

    def character(self, key: str) -> str | None:
        """A text of one character."""
        value = self.text(key)
        if value is not None and len(value) != 1:
            raise self.error(f"one character for {key}", f"{value!r} was found", "write one")
        return value

    def one_of(self, key: str, allowed: Collection[str]) -> str | None:
        """One of these texts."""
        value = self.text(key)
        if value is not None and value not in allowed:
            raise self.error(
                f"one of {', '.join(allowed)} for {key}", f"{value!r} was found", "write one of them"
            )
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._typed(key, bool, "true or false")
        return default if value is None else value

    def count(self, key: str, default: int) -> int:
        """A number of things, from 0."""
        value = self._typed(key, int, "a whole number")
        if value is not None and (isinstance(value, bool) or value < 0):
            raise self.error(f"a whole number for {key}", f"{value!r} was found", "write one from 0")
        return default if value is None else value

    def number(self, key: str) -> float | None:
        """A number."""
        value = self._typed(key, int | float, "a number")
        if isinstance(value, bool):
            raise self.error(f"a number for {key}", f"{value!r} was found", "write one")
        return None if value is None else float(value)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts."""
        value = self._typed(key, list, "a list of texts")
        if value is not None and not all(isinstance(item, str) for item in value):
            raise self.error(f"texts for {key}", f"{value!r} was found", "write each in quotes")
        return None if value is None else tuple(value)

    def section(self, key: str) -> "Section":
        """What stands under a key; an empty section where nothing does."""
        return Section(f"[{key}] of {self.where}", self._typed(key, dict, "a table") or {})

    def _typed(self, key: str, kind: type | UnionType, promised: str) -> Any:
        value = self.found.get(key)
        if value is not None and not isinstance(value, kind):
            raise self.error(f"{promised} for {key}", f"{value!r} was found", "write one")
        return value
