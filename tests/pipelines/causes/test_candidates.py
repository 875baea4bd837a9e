"""Signals of coils as candidates."""

import numpy as np
import pyarrow as pa
import pytest

from pipelines.causes.candidates import of_parts


def parts(sd):
    told = [{"n": 700, "mean": 37.2, "sd": each, "min": 37.2, "max": 37.2} for each in sd]
    moments = pa.struct([("n", pa.int64())] + [(name, pa.float64()) for name in ("mean", "sd", "min", "max")])
    return pa.table(
        {
            "coil_id": [f"C{no}" for no in range(len(sd))],
            "part": ["whole"] * len(sd),
            "roughing_exit_thickness_mm": pa.array(told, moments),
        }
    )


@pytest.mark.parametrize("sd, spread", [([7.1e-15, 0.0], [0.0, 0.0]), ([0.04, 0.05], [0.04, 0.05])])
def test_rounding_errors_of_what_does_not_vary_are_no_spread(sd, spread):
    coils = pa.array(["C0", "C1"])
    every = dict(of_parts(parts(sd).select, ["roughing_exit_thickness_mm"], coils, {}))
    assert every["spread of roughing_exit_thickness_mm"].tolist() == spread
    assert np.isnan(every["roughing_exit_thickness_mm at the head"]).all()
