"""Weeks of made-up coils for tests: their defects come by chance, in clusters, and by what a test plants."""

import numpy as np
import pyarrow as pa

from pipelines.causes.outcomes import Outcomes, Places

UNEVEN_COILS, UNEVEN_HEATS, DAYS_DIFFER = 1.5, 8.0, 0.1
"""Shapes of gamma distributions, and a standard deviation of the logarithm: rates differ from coil to coil,
from heat to heat and from day to day."""


class Weeks:
    """Coils in the order of time: heats of eight, campaigns of fifty-five; ``rate`` of defects a km."""

    def __init__(self, seed, days=28, coils_a_day=60, rate=0.3, classes=("sliver",)):
        chance = np.random.default_rng(seed)
        self.chance, self.classes, self.count = chance, classes, days * coils_a_day
        self.day = np.repeat(np.arange(days), coils_a_day)
        self.family, self.thickness = chance.integers(0, 4, self.count), chance.integers(0, 3, self.count)
        order = np.concatenate([chance.permutation(np.flatnonzero(self.day == day)) for day in range(days)])
        self.heat = np.empty(self.count, np.int64)
        self.heat[order] = np.arange(self.count) // 8
        self.campaign = np.arange(self.count) // 55
        self.metres = chance.uniform(600, 1400, self.count)
        self.expected = np.array([rate * self.metres / 1000 * self._uneven(days) for _ in classes])

    def _uneven(self, days):
        chance = self.chance
        of_family = np.exp(0.25 * chance.standard_normal(4))[self.family]
        of_day = np.exp(DAYS_DIFFER * chance.standard_normal(days))[self.day]
        of_heat = chance.gamma(UNEVEN_HEATS, 1 / UNEVEN_HEATS, self.heat.max() + 1)[self.heat]
        return of_family * of_day * of_heat * chance.gamma(UNEVEN_COILS, 1 / UNEVEN_COILS, self.count)

    def plant(self, where, times, class_no=0):
        """Make a class so many times as frequent on these coils."""
        self.expected[class_no] = np.where(where, times, 1.0) * self.expected[class_no]

    def outcomes(self):
        defects = self.chance.poisson(self.expected).astype(float)
        stratum = np.unique(3 * self.family + self.thickness, return_inverse=True)[1]
        nowhere = Places(np.empty(0, np.int64), np.empty(0), np.empty(0))
        return Outcomes(
            coil_id=pa.array([f"C{no}" for no in range(self.count)]),
            day=20_000 + self.day,
            metres=self.metres,
            exposure=np.tile(self.metres, (len(self.classes), 1)),
            classes=self.classes,
            counts=defects,
            grain=np.ones(len(self.classes)),
            defects=defects,
            sure=defects,
            lost_m=0.5 * defects,
            stratum=stratum,
            family=self.family,
            families=("DP", "HSLA", "low carbon", "structural"),
            blocks={"day": self.day, "campaign": self.campaign, "heat": self.heat},
            length_m=self.metres / 2,
            places=(nowhere,) * len(self.classes),
        )

    def by_coil(self):
        """A signal that is of each coil alone."""
        return self.chance.standard_normal(self.count)

    def by_heat(self):
        """A signal that is the same for all coils of a heat."""
        return self.chance.standard_normal(self.heat.max() + 1)[self.heat]

    def by_campaign(self, rolls=6):
        """Which of some rolls was in."""
        return self.chance.integers(0, rolls, self.campaign.max() + 1)[self.campaign]

    def drifting(self):
        """A signal that goes on from coil to coil."""
        return np.cumsum(self.chance.standard_normal(self.count))
