import numpy as np
import pytest

from pipelines.reference_mill import Mill
from pipelines.reference_mill.rolling_day import rolling_day
from pipelines.reference_mill.slab_places import coil_places_m, slab_places_m

MILL = Mill(coils_a_day=60)
ROLLED = rolling_day(MILL, MILL.first_day)


def test_slab_and_coil_are_one_body_end_for_end():
    for no in ROLLED.coils[:20].tolist():
        ends_m = slab_places_m(ROLLED, no, np.array([0.0, ROLLED.length_m[no]]))
        masses = ROLLED.masses
        kept = masses.coil_t[no] / (masses.slab_t - masses.furnace_scale_t - masses.secondary_scale_t)[no]

        assert coil_places_m(ROLLED, no, ends_m) == pytest.approx([0, ROLLED.length_m[no]], abs=1e-9)
        assert 0 < ends_m[0] < 0.2
        assert np.diff(ends_m) == pytest.approx(ROLLED.slabs.length_m[no] * kept)
