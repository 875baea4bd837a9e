"""How a cause of each kind is drawn: its signals, equipment and thresholds, by what is usual in the mill."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.cause_menu import Menu
from pipelines.reference_mill.causes import Cause, Condition, acts, families
from pipelines.reference_mill.conditions import conditions, equipment
from pipelines.reference_mill.line import STANDS
from pipelines.reference_mill.mill import Mill
from pipelines.reference_mill.rolling_day import RollingDay, rolling_day

Array = NDArray[np.float64]
Chance = np.random.Generator

FIRST_LOOK, EVERY_DAYS, LOOKED_AT_COILS = date(2026, 1, 5), 23, 400
"""Days whose coils say what is usual: the same whatever days the mill is asked for."""

SHARE, TOGETHER = (0.08, 0.35), (0.35, 0.55)
"""Of the coils beyond a threshold; beyond each of two that act together only."""

FIRST_COILS, LAST_SHARE, OLD_ROLLS_DAYS = (5, 10), (0.15, 0.35), (11, 16)
STARTS_AFTER = (0.35, 0.6)
"""Share of the mill's days after which a delayed cause begins to act."""

A_ROLL = "work"
"""How the places of work rolls end."""

LEAST_SHARE, MOST_SHARE = 0.05, 0.52
LEAST_WITHIN = 0.5
"""Share of the difference between coils where a cause acts and others that is one within grades and
thicknesses: with less, data can hardly tell the cause from them."""


@dataclass(frozen=True)
class _Looked:
    """Slabs of the days that are looked at."""

    days: tuple[RollingDay, ...]
    family: NDArray[np.str_]
    alike: NDArray[np.int64]
    """What is of one grade and about as thick."""

    def signal(self, name: str) -> Array:
        return np.concatenate([conditions(rolled.mill, rolled.day)[name] for rolled in self.days])

    def equipment(self, kind: str) -> NDArray[np.str_]:
        return np.concatenate([equipment(rolled)[kind] for rolled in self.days])


@lru_cache(maxsize=8)
def _looked(mill: Mill) -> _Looked:
    count = -(-LOOKED_AT_COILS // mill.coils_a_day)
    # Few days of a busy mill tell as much as many of a quiet one.
    dates = (FIRST_LOOK + timedelta(days=EVERY_DAYS * no) for no in range(max(count, 4)))
    days = tuple(rolling_day(mill, day) for day in dates)
    alike = [2 * rolled.slabs.grade_no + (rolled.strip.thickness_mm > 3) for rolled in days]
    return _Looked(days, np.concatenate([families(rolled) for rolled in days]), np.concatenate(alike))


def can_be_told(mill: Mill, cause: Cause) -> bool:
    """True where it acts on neither few coils nor most, and where grade and thickness do not decide."""
    if cause.fault or (cause.equipment and cause.equipment[0].endswith(A_ROLL)):
        return True
    looked = _looked(mill)
    hit = np.concatenate([acts(replace(cause, active_from=None), rolled) for rolled in looked.days])
    share = float(hit.mean())
    if not LEAST_SHARE <= share <= MOST_SHARE:
        return False
    prone = np.isin(looked.family, cause.grade_families) if cause.grade_families else np.ones(len(hit), bool)
    hit, alike = hit[prone], looked.alike[prone]
    of_alike = np.bincount(alike, hit) / np.maximum(np.bincount(alike), 1)
    within = (hit - of_alike[alike]).var()
    return bool(within >= LEAST_WITHIN * hit.var())


def in_use(mill: Mill, menu: Menu) -> list[str]:
    """The kinds of equipment of which the mill uses more than one."""
    looked = _looked(mill)
    return [kind for kind in menu.equipment if len(np.unique(looked.equipment(kind))) > 1]


def _condition(
    mill: Mill, menu: Menu, chance: Chance, share: float, besides: str = "", families: tuple[str, ...] = ()
) -> Condition:
    """A signal beyond what so large a share of the coils has."""
    signals = [signal for signal in menu.signals if signal[0] != besides]
    name, is_above = signals[int(chance.integers(len(signals)))]
    looked = _looked(mill)
    values = looked.signal(name)
    if families:
        values = values[np.isin(looked.family, families)]
    return Condition(name, is_above, float(np.quantile(values, 1 - share if is_above else share)))


def _threshold(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    return replace(cause, conditions=(_condition(mill, menu, chance, chance.uniform(*SHARE)),))


def _dose(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    """It rises from half of the coils on, so no threshold stands out."""
    condition = _condition(mill, menu, chance, chance.uniform(0.3, 0.5))
    beyond = condition.beyond(_looked(mill).signal(condition.signal))
    return replace(cause, conditions=(condition,), mean_dose=float(beyond[beyond > 0].mean()))


def _interaction(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    one = _condition(mill, menu, chance, chance.uniform(*TOGETHER))
    other = _condition(mill, menu, chance, chance.uniform(*TOGETHER), besides=one.signal)
    return replace(cause, conditions=(one, other))


def _some_grades(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    family = str(chance.choice(menu.only_in))
    condition = _condition(mill, menu, chance, chance.uniform(0.3, 0.5), families=(family,))
    return replace(cause, conditions=(condition,), grade_families=(family,))


def _equipment(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    kind = str(chance.choice(in_use(mill, menu)))
    if kind.endswith(A_ROLL):
        # Rolls are worn out one day: it is one of those that are used in the middle of the mill's days.
        middle = mill.all_days[len(mill.all_days) // 2]
        used = np.concatenate(
            [equipment(rolling_day(mill, day))[kind] for day in (middle, mill.all_days[-1])]
        )
        return replace(cause, equipment=(kind, str(chance.choice(np.unique(used)))), side=kind.split()[1])
    return replace(cause, equipment=(kind, str(chance.choice(np.unique(_looked(mill).equipment(kind))))))


def _sequence(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    if menu.starts_or_ends_campaign == "first":
        coils = int(chance.integers(FIRST_COILS[0], FIRST_COILS[1] + 1))
        return replace(cause, conditions=(Condition("sequence_no", False, coils + 0.5),))
    values = _looked(mill).signal("sequence_no")
    after = np.floor(np.quantile(values, 1 - chance.uniform(*LAST_SHARE))) + 0.5
    return replace(cause, conditions=(Condition("sequence_no", True, float(after)),))


def _delayed(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    """Rolls that begin to trouble so long after their change; or what begins in the course of the days."""
    if menu.old_backup_rolls and chance.random() < 0.5:
        signal = f"f{chance.integers(1, STANDS + 1)}_backup_age_days"
        days = float(chance.integers(OLD_ROLLS_DAYS[0], OLD_ROLLS_DAYS[1] + 1))
        return replace(cause, conditions=(Condition(signal, True, days),))
    days_before = round(float(chance.uniform(*STARTS_AFTER)) * len(mill.all_days))
    draw = _equipment if in_use(mill, menu) and chance.random() < 0.5 else _threshold
    return replace(draw(mill, menu, cause, chance), active_from=mill.all_days[days_before])


def _local(mill: Mill, menu: Menu, cause: Cause, chance: Chance) -> Cause:
    return replace(cause, fault=menu.fault)


DRAW: dict[str, Callable[[Mill, Menu, Cause, Chance], Cause]] = {
    "threshold": _threshold,
    "dose": _dose,
    "interaction": _interaction,
    "some grades": _some_grades,
    "equipment": _equipment,
    "sequence": _sequence,
    "delayed": _delayed,
    "local": _local,
}
