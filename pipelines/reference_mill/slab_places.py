"""Which place of a slab becomes which place of its hot coil: by mass, end for end.

The end that was cast first leads through the furnace and the mill: it is the head. Scale is lost evenly; the
head crop comes off before the coil, sample and tail crop after it.
"""

import numpy as np
from numpy.typing import NDArray

from pipelines.reference_mill.rolling_day import RollingDay

Array = NDArray[np.float64]


def coil_places_m(rolled: RollingDay, slab_no: int, slab_m: Array | float) -> Array:
    """Metres of the hot coil from its head; below 0 or over its length where the shear cut it off."""
    crop_m, stretched = _shares(rolled, slab_no)
    return (np.asarray(slab_m) - crop_m) * stretched


def slab_places_m(rolled: RollingDay, slab_no: int, coil_m: Array | float) -> Array:
    """Metres of the slab from its start on the strand."""
    crop_m, stretched = _shares(rolled, slab_no)
    return crop_m + np.asarray(coil_m) / stretched


def _shares(rolled: RollingDay, no: int) -> tuple[float, float]:
    """Metres of slab that the head crop takes, and metres of coil per metre of slab."""
    masses = rolled.masses
    bar_t = masses.slab_t[no] - masses.furnace_scale_t[no] - masses.secondary_scale_t[no]
    slab_m_t = rolled.slabs.length_m[no] / bar_t
    crop_m = masses.head_crop_t[no] * slab_m_t
    return float(crop_m), float(rolled.length_m[no] / (masses.coil_t[no] * slab_m_t))
