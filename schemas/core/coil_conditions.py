"""core/coil_conditions: what can have caused something on a hot coil, beside the signals measured on it."""

from schemas.contract import Field, Input, Table
from schemas.core.coils import CORE_COILS
from schemas.fields import COIL_ID, GRADE, GRADE_FAMILY, HEAT_ID, LINE, PRODUCTION_DAY, SHIFT
from schemas.raw.coils import RAW_COILS
from schemas.raw.heats import RAW_HEATS
from schemas.raw.roll_changes import RAW_ROLL_CHANGES
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.stoppages import RAW_STOPPAGES

ROLL_DAYS = 30
"""A roll that went in longer ago has no age."""

HEAT_FIELDS = tuple(field for field in RAW_HEATS.fields if field.type == "double")


def _span(name: str, meaning: str, example: float, maximum: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


def _step(name: str, meaning: str, example: float, most: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=-most, maximum=most)


def _place(name: str, meaning: str, example: int) -> Field:
    return Field(name, "bigint", meaning, example, required=False, minimum=1)


CORE_COIL_CONDITIONS = Table(
    layer="core",
    name="coil_conditions",
    row="hot coil",
    meaning="Equipment, settings and sequence of a hot coil: heat, casting, furnace, targets, rolls with their age, campaign, stoppages; what was not delivered is missing.",
    key=("coil_id",),
    day_of="production_day",
    made_from=(
        Input(CORE_COILS, days_back=ROLL_DAYS),
        Input(RAW_COILS, days_back=ROLL_DAYS),
        Input(RAW_SLABS, days_back=3),
        Input(RAW_HEATS, days_back=30),
        Input(RAW_ROLL_CHANGES, days_back=ROLL_DAYS),
        Input(RAW_STOPPAGES, days_back=7),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        LINE,
        CORE_COILS.field("coiled_at"),
        SHIFT.optional(),
        GRADE.optional(),
        GRADE_FAMILY.optional(),
        CORE_COILS.field("target_thickness_mm"),
        CORE_COILS.field("target_width_mm"),
        RAW_COILS.field("target_finishing_temp_c"),
        RAW_COILS.field("target_coiling_temp_c"),
        # Heat
        HEAT_ID.optional(),
        *HEAT_FIELDS,
        # Casting
        CORE_COILS.field("strand"),
        RAW_SLABS.field("cast_at"),
        RAW_SLABS.field("cast_from_m"),
        _place("slab_of_heat_no", "Place of the slab among those of its heat on its strand, in the order of casting, from 1, as far as the slabs of the last days tell.", 3),
        Field("is_first_of_heat", "boolean", "True for the first of them, which takes the change from one heat to the next.", False, required=False),
        Field("is_grade_change", "boolean", "True where the slab before it on the strand was of another grade; missing where that slab is not known.", False, required=False),
        Field("slab_thickness_mm", "double", "Thickness of the slab.", 225.0, required=False, minimum=0, maximum=500),
        Field("slab_width_mm", "double", "Width of the slab.", 1270.0, required=False, minimum=0, maximum=3000),
        Field("slab_length_m", "double", "Length of the slab.", 9.6, required=False, minimum=0, maximum=50),
        CORE_COILS.field("slab_mass_t"),
        _step("width_reduction_mm", "Width of the slab over the width asked for.", 20.0, 1000),
        # Furnace
        CORE_COILS.field("furnace"),
        _span("slab_wait_h", "From cutting on the strand to charging.", 30.0, 10_000),
        RAW_SLABS.field("charge_temp_c"),
        _span("furnace_stay_min", "From charging to discharging.", 150.0, 3_000),
        _span("discharge_to_mill_s", "From discharging to the head's entering F1.", 160.0, 10_000),
        # Sequence
        CORE_COILS.field("campaign"),
        CORE_COILS.field("sequence_no"),
        _step("gap_min", "From the coil before being coiled to the head's entering F1; negative where it was not yet.", -0.6, 10_000),
        _step("thickness_step_mm", "Thickness asked for, less that of the coil before.", 0.5, 50),
        _step("width_step_mm", "Width asked for, less that of the coil before.", -30.0, 3000),
        Field("is_family_change", "boolean", "True where the coil before was of another grade family.", False, required=False),
        _span("since_stoppage_min", "From the end of the last stoppage to the head's entering F1; missing where none ended in the last days.", 45.0, 15_000),
        _span("last_stoppage_min", "Length of that stoppage.", 8.0, 15_000),
        _place("coil_after_stoppage_no", "Place of the coil after that stoppage, from 1.", 12),
        # Rolls
        Field("roll_places", "array<string>", "Places in the mill of which the roll is known.", ["F7 top work"], required=False),
        Field("roll_ids", "array<string>", "The roll at each of them.", ["WR-1042"], required=False),
        Field("roll_coils_n", "array<double>", f"Coils that each of them rolled before since it went in; missing where that is more than {ROLL_DAYS} days ago.", [16.0], required=False),
        Field("roll_km", "array<double>", "Kilometres of strip that each rolled before since it went in, as far as lengths were measured.", [11.4], required=False),
        Field("roll_t", "array<double>", "Tonnes that each rolled before since it went in, as far as masses were.", [350.0], required=False),
        CORE_COILS.field("coiler"),
    ),
)
