"""Classes of surface defects: how often, how big, where across the strip, and what inspection sees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefectClass:
    """A class as the plant names it. Pairs of numbers are a median and a spread of the logarithm."""

    name: str
    usual_a_coil: float
    """Without a cause, on a usual coil."""

    is_cast: bool
    """Made with the slab: as many a metre of slab, however long the strip; else as many a metre of strip."""

    top_share: float
    across: str
    """Anywhere, at the edges, or in the middle."""

    long_m: tuple[float, float]
    wide_mm: tuple[float, float]
    detected: float
    """Share that inspection detects, of defects of usual severity."""

    taken_for: tuple[tuple[str | None, float], ...]
    """What inspection takes it for instead, and how often; None is a detection without a class."""


CLASSES = (
    DefectClass(
        "sliver",
        *(0.30, True, 0.5, "anywhere", (0.5, 0.7), (18, 0.5), 0.90),
        (("longitudinal crack", 0.08), ("scratch", 0.02), (None, 0.04)),
    ),
    DefectClass(
        "longitudinal crack",
        *(0.20, True, 0.5, "middle", (2.5, 0.7), (8, 0.4), 0.85),
        (("sliver", 0.08), ("scratch", 0.05), (None, 0.03)),
    ),
    DefectClass(
        "edge crack",
        *(0.30, True, 0.5, "edges", (0.12, 0.6), (12, 0.4), 0.80),
        (("sliver", 0.06), (None, 0.05)),
    ),
    DefectClass(
        "rolled-in scale",
        *(0.50, False, 0.55, "anywhere", (0.25, 0.6), (40, 0.6), 0.85),
        (("stain", 0.08), (None, 0.05)),
    ),
    DefectClass(
        "scratch",
        *(0.35, False, 0.3, "anywhere", (4.0, 0.9), (4, 0.4), 0.85),
        (("longitudinal crack", 0.04), ("sliver", 0.03), (None, 0.03)),
    ),
    DefectClass(
        "stain",
        *(0.45, False, 0.7, "anywhere", (0.8, 0.7), (90, 0.6), 0.75),
        (("rolled-in scale", 0.07), (None, 0.08)),
    ),
    DefectClass(
        "roll mark",
        # Without a marked roll there are none: see roll_marks.py.
        *(0.0, False, 0.5, "anywhere", (0.05, 0.3), (25, 0.4), 0.6),
        (("stain", 0.01), (None, 0.08)),
    ),
)
"""In the order of the numbers that a defect has for its class."""

CLASS_NAMES = tuple(kind.name for kind in CLASSES)
ROLL_MARK = CLASS_NAMES.index("roll mark")
