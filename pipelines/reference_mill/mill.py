"""The settings of the reference mill, its clock, and where its chance comes from."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

MOST_COILS_A_DAY = 600
"""What the mill can roll in a day; see schedule.py for the time that a coil takes."""


class MillSettingError(ValueError):
    """A setting that the reference mill cannot run with."""


@dataclass(frozen=True)
class Dirt:
    """What goes wrong with a plant's data, as shares of what it can happen to; the truth counts all of it.

    Of coils: ``frozen_sensor``, ``missing_sensor``, ``unknown_code``. Of cells of sensor readings:
    ``sentinel_cell`` (-999), ``not_a_number_cell``. Of rows: ``duplicate_row``, ``keyless_row`` and, in text
    files, ``bad_text`` (a word in a number). Of files: ``duplicate_file`` (again under another name),
    ``late_file`` (by one to three days). Of days: ``skewed_clock``, that of the finishing mill.
    ``inspection_failure``, of the surface inspection, for some minutes to hours. ``decimal_commas``: some
    systems export semicolons, decimal commas and an old encoding.
    """

    frozen_sensor: float = 0.02
    missing_sensor: float = 0.02
    unknown_code: float = 0.003
    sentinel_cell: float = 2e-5
    not_a_number_cell: float = 1e-5
    duplicate_row: float = 0.001
    keyless_row: float = 0.0005
    bad_text: float = 0.0015
    duplicate_file: float = 0.03
    late_file: float = 0.1
    skewed_clock: float = 0.2
    inspection_failure: float = 0.4
    decimal_commas: bool = True

    def __post_init__(self) -> None:
        """Refuse what is not a share."""
        for field in fields(self):
            share = getattr(self, field.name)
            if not 0 <= share <= 1:
                raise MillSettingError(
                    f"Dirt.{field.name} promises a share from 0 to 1, but {share} was given; give one."
                )


CLEAN = Dirt(
    **{field.name: 0 for field in fields(Dirt) if field.name != "decimal_commas"}, decimal_commas=False
)
"""A plant whose data are in order."""


@dataclass(frozen=True)
class Mill:
    """A reference mill: which days, how busy, how finely sampled, how dirty, with how many faults and causes.

    ``coils_a_day`` counts the slabs charged: a cobbled one gives no coil. ``faults`` is the share of them
    with a fault of the process, such as a cold slab end. The caster samples at ``casting_hz``, which is
    every 20 cm of strand or 20 m of thin strip. Without ``finishing_readings``
    long histories are made in minutes. The usual seed's three days have a cobble, a late file, a skewed
    clock. The production day starts at ``day_starts_at_h`` by the clock of ``time_zone``.

    ``history_days`` go before ``first_day``, with finishing readings at ``history_hz``. ``causes`` of surface
    defects: how many, or which, as "defect class: kind" (cause_plan.py). Where one acts, its class is
    ``cause_strength`` times as frequent. ``roll_marks``: share of the campaigns, and of the lives of backup
    rolls, in which a roll marks the strip.
    """

    first_day: date = date(2026, 11, 20)
    days: int = 3
    coils_a_day: int = 60
    readings_hz: float = 1.0
    casting_hz: float = 0.1
    seed: int = 170
    dirt: Dirt = Dirt()
    faults: float = 0.1
    history_days: int = 0
    history_hz: float = 0.1
    causes: int | tuple[str, ...] = 2
    cause_strength: float = 3.0
    roll_marks: float = 0.1
    finishing_readings: bool = True
    time_zone: str = "UTC"
    day_starts_at_h: int = 6

    def __post_init__(self) -> None:
        """Refuse what the mill cannot do."""
        _within("days", self.days, 1, 100_000)
        _within("coils_a_day", self.coils_a_day, 1, MOST_COILS_A_DAY)
        _within("readings_hz", self.readings_hz, 0.01, 1000)
        _within("casting_hz", self.casting_hz, 0.01, 10)
        _within("faults", self.faults, 0, 1)
        _within("history_days", self.history_days, 0, 100_000)
        _within("history_hz", self.history_hz, 0.01, 1000)
        _within("cause_strength", self.cause_strength, 1, 1000)
        _within("roll_marks", self.roll_marks, 0, 1)
        _within("seed", self.seed, 0, 2**32 - 1)
        _within("day_starts_at_h", self.day_starts_at_h, 0, 23)

    @property
    def opened_on(self) -> date:
        """The first production day, that of the history where there is one."""
        return self.first_day - timedelta(days=self.history_days)

    @property
    def all_days(self) -> tuple[date, ...]:
        """Every production day, first to last."""
        return tuple(self.opened_on + timedelta(days=no) for no in range(self.history_days + self.days))

    def hz_on(self, day: date) -> float:
        """Finishing readings a second on a day."""
        return self.history_hz if day < self.first_day else self.readings_hz

    def day_start(self, day: date) -> datetime:
        """When a production day starts, in UTC.

        >>> Mill(time_zone="Europe/Vienna").day_start(date(2026, 7, 1))
        datetime.datetime(2026, 7, 1, 4, 0, tzinfo=datetime.timezone.utc)
        """
        local = datetime(day.year, day.month, day.day, self.day_starts_at_h, tzinfo=ZoneInfo(self.time_zone))
        return local.astimezone(UTC)

    def day_length_s(self, day: date) -> float:
        """Seconds from the start of a production day to the next: not 86,400 when the clocks change."""
        return (self.day_start(day + timedelta(days=1)) - self.day_start(day)).total_seconds()

    def chance(self, day: date, topic: str, *numbers: int) -> np.random.Generator:
        """The random numbers of a topic of a day, the same whenever they are asked for.

        >>> mill, day = Mill(seed=7), date(2026, 11, 20)
        >>> mill.chance(day, "orders").random() == mill.chance(day, "orders").random()
        True
        """
        return np.random.default_rng([self.seed, day.toordinal(), crc32(topic.encode()), *numbers])

    def lasting_chance(self, topic: str, *numbers: int) -> np.random.Generator:
        """The random numbers of a topic of the whole mill, of whatever day."""
        return self.chance(date.min, topic, *numbers)


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise MillSettingError(
            f"Mill.{name} promises a number from {least} to {most}, but {value} was given; give one."
        )
