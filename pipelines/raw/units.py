"""Units that plants write, converted to the unit that a field's name ends in."""

from functools import cache

import pint

# How pint writes the units of the contracts where it differs from how a person does.
PINT_NAMES = {"°C": "degC", "%": "percent", "°": "degree", "kN·m": "kN*m", "I-unit": "iunit", "B": "byte"}

SHORT_OR_METRIC = ("ton", "tons")
"""pint means 907 kg, most plants 1,000 kg."""


class UnitError(ValueError):
    """A unit that is not known, not clear, or not one of the field's quantity."""


@cache
def _registry() -> pint.UnitRegistry:
    registry: pint.UnitRegistry = pint.UnitRegistry()
    # Flatness: one I-unit is a relative difference of length of 1e-5.
    registry.define("iunit = 1e-5")
    return registry


def conversion(delivered: str, promised: str) -> tuple[float, float]:
    """Factor and offset with which a delivered number becomes one in the promised unit.

    A difference of temperatures is ``delta_degF``, as pint writes it; a UnitError says what does not fit.

    >>> conversion("kg", "t")
    (0.001, 0.0)
    >>> conversion("m/min", "m/s")
    (0.016666666666666666, 0.0)
    >>> [round(number, 3) for number in conversion("degF", "°C")]
    [0.556, -17.778]
    """
    if delivered in SHORT_OR_METRIC:
        raise UnitError(f"{delivered!r} may be 907 kg (short_ton) or 1,000 kg (t)")
    registry = _registry()
    difference = delivered.startswith("delta_") and promised == "°C"
    target = "delta_degC" if difference else PINT_NAMES.get(promised, promised)
    source = PINT_NAMES.get(delivered, delivered)
    try:
        at_zero, at_one = (registry.Quantity(number, source).to(target).magnitude for number in (0.0, 1.0))
    except pint.errors.UndefinedUnitError as error:
        raise UnitError(f"{delivered!r} is no unit that pint knows") from error
    except (pint.errors.DimensionalityError, pint.errors.OffsetUnitCalculusError) as error:
        raise UnitError(f"{delivered!r} does not convert to {promised}") from error
    return at_one - at_zero, at_zero
