"""Counts as people read them."""


def counted(count: int, thing: str, plural: str | None = None) -> str:
    """A count with its noun.

    >>> counted(1, "piece"), counted(1200, "piece"), counted(2, "delivery", "deliveries")
    ('1 piece', '1,200 pieces', '2 deliveries')
    """
    return f"{count:,} {thing if count == 1 else plural or thing + 's'}"
