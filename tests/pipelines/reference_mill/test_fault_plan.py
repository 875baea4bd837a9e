"""Which strips have a fault, and what has none to do with it."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from pipelines.reference_mill import CLEAN, Dirt, Mill, MillSettingError
from pipelines.reference_mill.fault_plan import KINDS
from pipelines.reference_mill.finishing_readings import finishing_tables
from pipelines.reference_mill.process_faults import process_faults
from pipelines.reference_mill.rolling_day import rolling_day

DAY = date(2026, 11, 20)
MILL = Mill(coils_a_day=60, faults=1.0, dirt=CLEAN)
ROLLED = rolling_day(MILL, DAY)


def test_every_kind_is_planted_as_often_as_the_others():
    kinds = [fault.kind for fault in process_faults(ROLLED)]

    assert {kinds.count(kind) for kind in KINDS} <= {7, 8, 9}


def test_dirt_plants_no_fault_and_takes_none_away():
    dirty = rolling_day(replace(MILL, dirt=Dirt()), DAY)

    assert process_faults(dirty) == process_faults(ROLLED)


def test_fewer_faults_are_some_of_the_many():
    few = process_faults(rolling_day(replace(MILL, faults=0.2), DAY))

    assert 5 <= len(few) <= 20
    assert {fault.slab_no for fault in few} < {fault.slab_no for fault in process_faults(ROLLED)}
    assert process_faults(rolling_day(replace(MILL, faults=0), DAY)) == ()


def test_a_strip_without_a_fault_reads_the_same_beside_faulty_ones():
    some, none = replace(MILL, faults=0.3, coils_a_day=20), replace(MILL, faults=0, coils_a_day=20)
    day = rolling_day(some, DAY)
    struck = {day.coil_id(fault.slab_no) for fault in process_faults(day)}
    with_some, with_none = (
        pa.concat_tables([table for _, table in finishing_tables(mill, DAY)]).to_pandas()
        for mill in (some, none)
    )
    of_struck = with_some.coil_id.isin(struck)

    assert struck
    assert with_some[~of_struck].equals(with_none[~of_struck])
    assert not with_some[of_struck].equals(with_none[of_struck])


def test_a_share_of_faults_over_one_is_refused():
    with pytest.raises(
        MillSettingError, match="Mill.faults promises a number from 0 to 1, but 1.5 was given"
    ):
        Mill(faults=1.5)
