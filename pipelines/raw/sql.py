"""Names and texts as SQL writes them."""


def name(text: str) -> str:
    """An identifier in quotes.

    >>> print(name('Force "F1", kN'))
    "Force ""F1"", kN"
    """
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in quotes.

    >>> literal("Saint-Rémy's")
    "'Saint-Rémy''s'"
    """
    return "'" + text.replace("'", "''") + "'"
