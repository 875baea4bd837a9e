"""What a user can set: command-line flags, then COILMART_* environment variables, then defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "coilmart"
"""The one folder outside the clone that coilmart writes to: jars, compiled kernels."""


class SettingError(ValueError):
    """A setting cannot be what it was set to."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how the mill counts its days.

    ``lake``: a folder or an object-store URI. ``closing_tolerance_pct``: the share of the charged mass
    that the scales cannot tell. ``settle_s``: a landing file younger than this may still be growing.
    ``segment_m``: the length of the segments that a coil is cut into.
    """

    home: Path
    landing: Path
    lake: str
    models: Path
    reports: Path
    spark: str = "embedded"
    time_zone: str = "UTC"
    day_starts_at_h: int = 6
    closing_tolerance_pct: float = 0.5
    settle_s: float = 1.0
    segment_m: float = 1.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process.

        >>> Settings.from_environment({"COILMART_HOME": "/data/mill"}).lake
        '/data/mill/lake'
        """
        # A variable that is empty is not set: COILMART_HOME= means the default, not this folder.
        environment = {name: value for name, value in environment.items() if value}
        home = Path(environment.get("COILMART_HOME", "mill")).expanduser().absolute()

        def folder(name: str) -> Path:
            return Path(environment.get(f"COILMART_{name.upper()}", home / name)).expanduser().absolute()

        lake = environment.get("COILMART_LAKE", str(home / "lake"))
        return cls(
            home=home,
            landing=folder("landing"),
            lake=lake.rstrip("/") if "://" in lake else str(Path(lake).expanduser().absolute()),
            models=folder("models"),
            reports=folder("reports"),
            spark=environment.get("COILMART_SPARK", cls.spark),
            time_zone=_time_zone(environment.get("COILMART_TIME_ZONE", cls.time_zone)),
            day_starts_at_h=_whole(_number(environment, "DAY_STARTS_AT_H", cls.day_starts_at_h, 0, 23)),
            closing_tolerance_pct=_number(
                environment, "CLOSING_TOLERANCE_PCT", cls.closing_tolerance_pct, 0, 100
            ),
            settle_s=_number(environment, "SETTLE_S", cls.settle_s, 0, 3600),
            segment_m=_number(environment, "SEGMENT_M", cls.segment_m, 0.01, 1000),
        )

    @property
    def truth(self) -> Path:
        """Where the reference mill writes what is true of its landing files; nothing but tests reads it."""
        return self.home / "truth"

    def production_day(self, at: datetime) -> date:
        """The mill's own day of a moment.

        >>> from datetime import UTC
        >>> mill = Settings.from_environment({"COILMART_TIME_ZONE": "Europe/Vienna"})
        >>> mill.production_day(datetime(2026, 11, 20, 4, 59, tzinfo=UTC))
        datetime.date(2026, 11, 19)
        """
        local = at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)
        return (local - timedelta(hours=self.day_starts_at_h)).date()


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(
            f"COILMART_TIME_ZONE promises an IANA time zone, but {name!r} is none; "
            "set it to a name such as Europe/Vienna."
        ) from error
    return name


def _whole(hour: float) -> int:
    if hour != int(hour):
        raise SettingError(
            f"COILMART_DAY_STARTS_AT_H promises a whole hour, but {hour} was found; set one from 0 to 23."
        )
    return int(hour)


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environment.get(f"COILMART_{name}", str(default))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingError(
            f"COILMART_{name} promises a number from {least} to {most}, but {text!r} was found; "
            f"set it to one, or unset it for {default}."
        )
    return value
