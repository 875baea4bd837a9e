"""Which causes a mill has: drawn once from its seed, in different defect classes."""

from functools import lru_cache

from pipelines.reference_mill.cause_draws import DRAW, can_be_told, in_use
from pipelines.reference_mill.cause_menu import MENUS, Menu, kinds_of
from pipelines.reference_mill.causes import Cause
from pipelines.reference_mill.defect_classes import CLASS_NAMES
from pipelines.reference_mill.mill import Mill, MillSettingError

LEAST_DAYS = 8
"""Of a mill in which a cause can begin to act at some time: fewer have no before and after."""

TRIES = 60


@lru_cache(maxsize=32)
def causes(mill: Mill) -> tuple[Cause, ...]:
    """The causes of a mill, in different defect classes.

    Raises MillSettingError where a cause was asked for that the mill cannot have.
    """
    wishes = mill.causes
    asked = _some(mill, wishes) if isinstance(wishes, int) else [_asked(mill, wish) for wish in wishes]
    if len({name for name, _ in asked}) < len(asked):
        raise MillSettingError(
            f"Mill.causes promises causes of different defect classes, but {wishes} was given; name each "
            "class once."
        )
    return tuple(_drawn(mill, f"cause {no}", *wish) for no, wish in enumerate(asked, 1))


def _some(mill: Mill, count: int) -> list[tuple[str, str]]:
    """So many causes; a greater number has those of a smaller one too."""
    chance, names = mill.lasting_chance("causes"), list(MENUS)
    kinds = {name: str(chance.choice(_kinds(mill, MENUS[name]))) for name in names}
    return [(names[no], kinds[names[no]]) for no in chance.permutation(len(names))[:count]]


def _asked(mill: Mill, wish: str) -> tuple[str, str]:
    name, _, kind = wish.partition(": ")
    if name not in MENUS or kind not in _kinds(mill, MENUS[name]):
        can_be = {name: _kinds(mill, menu) for name, menu in MENUS.items()}
        raise MillSettingError(
            f"Mill.causes promises a number or causes as 'defect class: kind' of {can_be}, but {wish!r} was "
            "given; name some of these."
        )
    return name, kind


def _kinds(mill: Mill, menu: Menu) -> tuple[str, ...]:
    """What data of this mill can tell: one furnace is no cause, and without faults no metres are off."""
    cannot = {
        "equipment": not in_use(mill, menu),
        "delayed": len(mill.all_days) < LEAST_DAYS,
        "local": mill.faults == 0,
    }
    return tuple(kind for kind in kinds_of(menu) if not cannot.get(kind))


def _drawn(mill: Mill, cause_id: str, name: str, kind: str) -> Cause:
    """The first of some draws that acts neither on too few coils nor on too many."""
    chance = mill.lasting_chance("cause", CLASS_NAMES.index(name))
    empty = Cause(cause_id, name, kind, mill.cause_strength)
    for _ in range(TRIES):
        cause = DRAW[kind](mill, MENUS[name], empty, chance)
        if can_be_told(mill, cause):
            return cause
    raise MillSettingError(
        f"Mill.causes promises causes that act on some of the coils, but {TRIES} draws of {kind!r} of "
        f"{name!r} with seed {mill.seed} did not; ask for another kind."
    )
