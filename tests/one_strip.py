"""A lake with one hot coil of 60 m, each place known: 10 m are too hot, over 5 the pyrometer was stuck.

In the hot metres lies a sliver; half of the bottom was not inspected.
"""

from datetime import timedelta

from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.coil_inspections import CORE_COIL_INSPECTIONS
from schemas.core.coil_segments import CORE_COIL_SEGMENTS, SIGNALS
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS
from schemas.core.strip_limits import CORE_STRIP_LIMITS
from schemas.fields import AT
from schemas.mart.process_faults import MART_PROCESS_FAULTS
from schemas.mart.roll_marks import MART_ROLL_MARKS
from schemas.mart.strip_deviations import MART_STRIP_DEVIATIONS

COIL = "C1"
HOT, STUCK = range(20, 30), range(40, 45)


def publish_strip(publish, lake, **coil):
    """60 m of coil are 6 m of slab S1 and metres 100 to 106 of strand 1, head to head; 40 m went into W1."""
    publish(lake, CORE_COILS, {"coil_id": COIL, "slab_id": "S1", "length_m": 60.0} | coil)
    publish(lake, CORE_COIL_SEGMENTS, *map(_segment, range(60)))
    of_slab = {"parent_from_m": 0.0, "parent_to_m": 6.0, "sigma_m": 0.5}
    welded = {"child_id": "W1", "child_kind": "piece", "line": "FIN1", "operation": "re-coiling"}
    welded |= {"made_at": AT + timedelta(hours=1), "is_reversed": True, "sigma_m": 0.2}
    publish(
        lake,
        CORE_LENGTH_MAPS,
        {"child_id": COIL, "parent_id": "S1", "child_to_m": 60.0, **of_slab},
        {"child_id": "S1", "child_kind": "slab", "child_to_m": 6.0, "operation": "casting", "sigma_m": 0.01}
        | {"parent_id": "strand 1", "parent_from_m": 100.0, "parent_to_m": 106.0}
        | {"made_at": AT - timedelta(hours=1), "cast_at": AT - timedelta(days=1)},
        welded | {"child_to_m": 40.0, "parent_id": COIL, "parent_from_m": 10.0, "parent_to_m": 50.0},
        welded
        | {"part_no": 2, "child_from_m": 40.0, "child_to_m": 70.0, "parent_id": "C9"}
        | {"parent_from_m": 0.0, "parent_to_m": 30.0},
    )
    unknown = {"signal": "wedge_um", "least_of_signal": None, "most_of_signal": None}
    publish(
        lake,
        CORE_STRIP_LIMITS,
        {"coil_id": COIL},
        {"coil_id": COIL, "signal": "crown_um", "least_of_signal": 10.0, "most_of_signal": 80.0},
        {"coil_id": COIL, **unknown, "not_computable": "target_wedge_um was not delivered"},
    )
    interval = {"from_m": 20.0, "to_m": 30.0, "limit_of_signal": 900.0, "worst_of_signal": 911.0}
    told = {"measured_m": 10.0, "mean_beyond_of_signal": 10.0, "judged_m": 60.0}
    publish(lake, MART_STRIP_DEVIATIONS, {"coil_id": COIL, **interval, **told})
    _publish_surface(publish, lake)


def _publish_surface(publish, lake):
    """A sliver of the top in the hot metres; a scratch of no known place; half of the bottom unseen."""
    sliver = {"from_m": 22.0, "to_m": 22.6, "sigma_m": 0.5, "defect_class": "sliver"}
    lost = {"from_m": None, "to_m": None, "defect_class": "scratch", "doubt": "metre 80 of a coil of 60 m"}
    publish(
        lake,
        CORE_COIL_DEFECTS,
        {"defect_id": "SIS/1", "coil_id": COIL, **sliver},
        {"defect_id": "SIS/2", "coil_id": COIL, **lost},
    )
    publish(
        lake,
        CORE_COIL_INSPECTIONS,
        {"coil_id": COIL, "side": "top", "from_m": 0.0, "to_m": 60.0},
        {"coil_id": COIL, "side": "bottom", "from_m": 0.0, "to_m": 30.0},
    )
    hot = {"from_m": 20.0, "to_m": 30.0, "step": "finishing", "detector": "T2", "sentence": "Too hot."}
    stuck = {"from_m": 40.0, "to_m": 45.0, "step": "finishing", "detector": "sensor", "is_sensor": True}
    publish(
        lake, MART_PROCESS_FAULTS, {"coil_id": COIL, **hot}, {"coil_id": COIL, **stuck, "sentence": "Frozen."}
    )
    publish(lake, MART_ROLL_MARKS, {"coil_id": COIL, "period_m": 2.2})


def _segment(no):
    hot = 911.0 if no == 25 else 910.0 if no in HOT else 880.0
    told = {"n": 1, "mean": hot, "sd": None, "min": hot - 2, "max": hot + 2, "valid_pct": 100.0}
    nothing = {"n": 0, **dict.fromkeys(("mean", "sd", "min", "max", "valid_pct"))}
    others = {signal.name: signal.example | {"mean": signal.example["mean"] + no / 100} for signal in SIGNALS}
    return others | {
        "coil_id": COIL,
        "segment_no": no,
        "from_m": float(no),
        "to_m": no + 1.0,
        "length_m": 60.0,
        "finishing_temp_c": told | {"flag": "frozen" if no in STUCK else None},
        "crown_um": nothing | {"flag": "missing"},
    }
