"""Numbers, times and lists as people read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

NOTHING = "–"


def number(value: Any, digits: int = 0) -> str:
    """A value of a table: numbers with thousands apart and so many digits, times to the minute.

    >>> number(1320.449, 1), number(-0.001, 2), number(None), number(["A", "B"]), number(True)
    ('1,320.4', '0.00', '–', 'A, B', 'yes')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        # Adding nought takes the sign from a nought.
        return f"{round(value, digits) + 0.0:,.{digits}f}"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}"
    return str(value)


def tonnes(mass_t: float) -> str:
    """A mass with as many digits as a scale can tell.

    >>> tonnes(1320.449), tonnes(0.4138)
    ('1,320.4 t', '0.41 t')
    """
    return f"{number(mass_t, 1 if abs(mass_t) >= 10 else 2)} t"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> listed(["crop"]), listed(["crop", "scale", "trim"])
    ('crop', 'crop, scale and trim')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def shortened(text: str, most: int = 28) -> str:
    """A label that fits beside a bar; the table has it in full.

    >>> shortened("work roll change outside the campaign", 20)
    'work roll change ou…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
