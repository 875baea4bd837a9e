"""The grades that the reference mill rolls: chemistry, strength limits, temperatures, share of the orders.

Strength limits after EN 10111 (DD), EN 10025-2 (S..JR, S..J2) and EN 10149-2 (S..MC); the interstitial-free
grade is feed of a cold mill, which has no limits of its own.
"""

from dataclasses import dataclass

ELEMENTS = ("c", "si", "mn", "p", "s", "al", "nb", "n")


@dataclass(frozen=True)
class Grade:
    """A grade: mean ladle analysis in mass percent (c, si, mn, p, s, al, nb, n) and what it is rolled to."""

    name: str
    family: str
    share: float
    analysis_pct: tuple[float, ...]
    thinnest_mm: float
    thickest_mm: float
    finishing_temp_c: float
    coiling_temp_c: float
    yield_strength_min_mpa: float | None
    tensile_strength_min_mpa: float | None
    tensile_strength_max_mpa: float | None


GRADES = (
    Grade(
        "IF-HR",
        "ultra-low carbon",
        0.10,
        (0.004, 0.010, 0.12, 0.010, 0.006, 0.040, 0.006, 0.0030),
        2.5,
        5.0,
        905,
        665,
        None,
        None,
        None,
    ),
    Grade(
        "DD11",
        "low carbon",
        0.22,
        (0.050, 0.015, 0.22, 0.012, 0.008, 0.040, 0.000, 0.0040),
        2.0,
        6.0,
        885,
        610,
        170,
        None,
        440,
    ),
    Grade(
        "DD13",
        "low carbon",
        0.13,
        (0.035, 0.012, 0.18, 0.010, 0.007, 0.042, 0.000, 0.0038),
        2.0,
        5.0,
        890,
        630,
        170,
        None,
        400,
    ),
    Grade(
        "S235JR",
        "structural",
        0.17,
        (0.120, 0.020, 0.55, 0.014, 0.009, 0.035, 0.000, 0.0055),
        2.0,
        12.0,
        870,
        610,
        235,
        360,
        510,
    ),
    Grade(
        "S355J2",
        "structural",
        0.12,
        (0.160, 0.200, 1.30, 0.014, 0.006, 0.035, 0.000, 0.0055),
        3.0,
        12.0,
        865,
        590,
        355,
        470,
        630,
    ),
    Grade(
        "S355MC",
        "HSLA",
        0.12,
        (0.065, 0.020, 0.75, 0.011, 0.004, 0.038, 0.025, 0.0045),
        2.0,
        10.0,
        875,
        600,
        355,
        430,
        550,
    ),
    Grade(
        "S420MC",
        "HSLA",
        0.08,
        (0.070, 0.025, 1.05, 0.011, 0.004, 0.038, 0.038, 0.0045),
        2.0,
        10.0,
        880,
        585,
        420,
        480,
        620,
    ),
    Grade(
        "S500MC",
        "HSLA",
        0.06,
        (0.070, 0.050, 1.45, 0.011, 0.003, 0.038, 0.052, 0.0045),
        2.5,
        8.0,
        885,
        565,
        500,
        550,
        700,
    ),
)

THICKNESSES_MM = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0)
THICKNESS_WEIGHTS = (0.13, 0.19, 0.20, 0.12, 0.13, 0.09, 0.06, 0.04, 0.03, 0.01)

CATEGORIES = (("A", 0, 300, 0), ("B", 300, 360, 15), ("C", 360, 420, 30), ("D", 420, 900, 40))
"""Of EN 10051: category, least yield strength of the grade over and up to in MPa, % over category A."""


def category(yield_strength_min_mpa: float | None) -> str:
    """The category of EN 10051 of a grade; soft steels without a limit are in the first.

    >>> category(None), category(300), category(355), category(500)
    ('A', 'A', 'B', 'D')
    """
    strength_mpa = yield_strength_min_mpa or 0
    return next(name for name, _, most_mpa, _ in CATEGORIES if strength_mpa <= most_mpa)
