import pytest

from pipelines.reference_mill import Mill
from pipelines.reference_mill.before_rolling import order_table
from pipelines.reference_mill.grades import GRADES
from pipelines.reference_mill.limit_tables import grade_limit_table, tolerance_table
from schemas.raw.coils import RAW_COILS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS

MILL = Mill()


@pytest.mark.parametrize(
    ("tolerance_class", "thickness_mm", "width_mm", "half_mm"),
    [
        # EN 10051:2010, category A, and what the other categories add, to 0.01 mm.
        ("EN 10051 A", 2.0, 1200, 0.17),
        ("EN 10051 A", 2.01, 1201, 0.21),
        ("EN 10051 A", 15.0, 2000, 0.46),
        ("EN 10051 B", 3.0, 1250, 0.25),
        ("EN 10051 C", 4.0, 1600, 0.34),
        ("EN 10051 D", 6.0, 1000, 0.36),
    ],
)
def test_the_tolerance_on_thickness_is_that_of_the_standard(tolerance_class, thickness_mm, width_mm, half_mm):
    table = tolerance_table(MILL).to_pandas()
    [row] = table[
        (table.tolerance_class == tolerance_class)
        & (table.dimension == "thickness")
        & (table.thickness_over_mm < thickness_mm)
        & (thickness_mm <= table.thickness_to_mm)
        & (table.width_over_mm < width_mm)
        & (width_mm <= table.width_to_mm)
    ].itertuples()

    assert (row.lower_mm, row.upper_mm) == (-half_mm, half_mm)


def test_the_thinnest_and_widest_strip_has_no_tolerance():
    table = tolerance_table(MILL).to_pandas()
    thinnest = table[(table.dimension == "thickness") & (table.thickness_to_mm == 2.0)]

    assert thinnest.width_to_mm.max() == 1800


def test_an_order_names_a_class_of_tolerances_that_its_strength_belongs_to():
    orders = order_table(Mill(coils_a_day=600), MILL.first_day).to_pandas()
    table = tolerance_table(MILL).to_pandas().drop_duplicates("tolerance_class").set_index("tolerance_class")
    strength_mpa = orders.yield_strength_min_mpa.fillna(0)

    assert orders.tolerance_class.nunique() == 4
    assert (strength_mpa <= orders.tolerance_class.map(table.strength_to_mpa)).all()
    assert (strength_mpa >= orders.tolerance_class.map(table.strength_over_mpa)).all()


def test_limits_are_of_signals_and_targets_that_there_are():
    table = grade_limit_table(MILL).to_pandas()

    assert set(table.grade_family) == {grade.family for grade in GRADES}
    assert set(table.signal) <= set(RAW_FINISHING_READINGS.field_names)
    assert set(table.target_field.dropna()) <= set(RAW_COILS.field_names)
    assert (table.least_of_signal < table.most_of_signal).all()


def test_niobium_steels_have_the_tighter_temperatures():
    table = grade_limit_table(MILL).to_pandas()
    widths = (table.most_of_signal - table.least_of_signal).groupby([table.signal, table.grade_family]).min()

    assert widths["coiling_temp_c"]["HSLA"] == widths["coiling_temp_c"]["structural"] - 10
    assert widths["crown_um"]["HSLA"] == widths["crown_um"]["structural"]
