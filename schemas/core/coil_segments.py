"""core/coil_segments: every signal at its place on the hot coil, metre by metre."""

from dataclasses import replace

from schemas.contract import EVER, MOMENTS, Field, Input, Promise, Severity, Table
from schemas.core.coils import CORE_COILS
from schemas.core.length_maps import CORE_LENGTH_MAPS, SLAB_DAYS
from schemas.fields import COIL_ID, LENGTH_M, PRODUCTION_DAY
from schemas.raw.casting_readings import RAW_CASTING_READINGS
from schemas.raw.finishing_readings import RAW_FINISHING_READINGS
from schemas.raw.furnace_readings import RAW_FURNACE_READINGS
from schemas.raw.roughing_passes import RAW_ROUGHING_PASSES
from schemas.raw.sensors import RAW_SENSORS
from schemas.raw_table import delivered

COUNTER = "length_m"
"""The signal that tells the place of the others; it has no moments of its own."""

CAST_METRE = "cast_length_m"
"""The strand's own counter."""

CAST_DAYS = 7
"""A slab that was cast longer before its coil has no casting signals."""

ROUGHING = "roughing_"
"""Before the names of the signals of raw/roughing_passes, which are those of other mills too."""


def moments(signal: Field) -> Field:
    """The field that tells of a signal in a segment, under the signal's own name."""
    value = signal.example
    example = {
        "n": 10,
        "mean": value,
        "sd": 0.0,
        "min": value,
        "max": value,
        "valid_pct": 100.0,
        "flag": None,
    }
    return replace(signal, type=MOMENTS, example=example, required=False, minimum=None, maximum=None)


def signals_of(readings: Table) -> tuple[Field, ...]:
    """A field of moments for each signal of that table: those of its contract, and a plant's own."""
    return tuple(
        moments(field) for field in delivered(readings) if field.type == "double" and field.name != COUNTER
    )


SIGNALS = signals_of(RAW_FINISHING_READINGS)


def upstream_moments(table: Table, prefix: str = "", told: str = "") -> tuple[Field, ...]:
    """The fields of the signals of a mill before; ``told``: of which of its readings."""
    signals = (
        f for f in delivered(table) if f.type == "double" and f.name not in {CAST_METRE, "exit_width_mm"}
    )
    return tuple(moments(replace(f, name=f"{prefix}{f.name}", meaning=f"{f.meaning}{told}")) for f in signals)


CASTING_SIGNALS = upstream_moments(RAW_CASTING_READINGS)
FURNACE_SIGNALS = upstream_moments(
    RAW_FURNACE_READINGS, told=" In the zone that it left the furnace from, the same for the whole coil."
)
ROUGHING_SIGNALS = upstream_moments(
    RAW_ROUGHING_PASSES, ROUGHING, " In the roughing mill's last pass, the same for the whole coil."
)
UPSTREAM_SIGNALS = (*CASTING_SIGNALS, *FURNACE_SIGNALS, *ROUGHING_SIGNALS)

CORE_COIL_SEGMENTS = Table(
    layer="core",
    name="coil_segments",
    row="coil and segment",
    meaning="Moments of every signal of caster, furnace and mills in every segment of a hot coil; what was not measured is missing.",
    key=("coil_id", "segment_no"),
    day_of="production_day",
    # Clocks differ, and what is rolled before the day's end is coiled after it.
    made_from=(
        Input(CORE_COILS),
        Input(CORE_LENGTH_MAPS, days_back=SLAB_DAYS),
        Input(RAW_FINISHING_READINGS, days_back=1),
        Input(RAW_ROUGHING_PASSES, days_back=1),
        Input(RAW_FURNACE_READINGS, days_back=1),
        Input(RAW_CASTING_READINGS, days_back=CAST_DAYS),
        Input(RAW_SENSORS, days_back=EVER),
    ),
    promises=(
        Promise("has_length", "from_m < to_m", "A segment has a length."),
        Promise(
            "no_gap",
            "from_m = coalesce(lag(to_m) over (partition by coil_id order by segment_no), 0e0)",
            "The first segment begins at the head and each one where the one before ends.",
        ),
        Promise(
            "to_the_tail",
            "lead(to_m) over (partition by coil_id order by segment_no) is not null or to_m = length_m",
            "The last segment ends at the tail.",
        ),
        Promise("is_placed", "unplaced_n = 0", "Every signal's place is known.", Severity.WARN),
    ),
    fields=(
        COIL_ID,
        PRODUCTION_DAY,
        Field(
            "segment_no", "bigint", "Place of the segment on the coil, from 0 at the head.", 350, minimum=0
        ),
        Field(
            "from_m",
            "double",
            "Start of the segment, from the head of the hot coil as coiled.",
            350.0,
            minimum=0,
        ),
        Field("to_m", "double", "End of the segment, not in it.", 351.0, minimum=0),
        replace(
            LENGTH_M,
            meaning="Length of the coil; where it was not delivered, where the length counter ended.",
        ),
        Field("readings_n", "bigint", "Readings while the segment passed the length counter.", 10, minimum=0),
        Field(
            "unplaced_n",
            "bigint",
            "Signals measured on the coil that raw/sensors does not place, taken at the length counter.",
            0,
            minimum=0,
        ),
        Field(
            "sigma_m",
            "double",
            "Standard deviation of the error of the place behind the mill; missing where it, or a signal's place, is not known.",
            0.3,
            required=False,
            minimum=0,
        ),
        Field(
            "upstream_sigma_m",
            "double",
            "The same of the caster's signals: maps of lengths, and metres from one reading to the next.",
            3.5,
            required=False,
            minimum=0,
        ),
        *SIGNALS,
        *UPSTREAM_SIGNALS,
    ),
)


def segments_of(readings: Table) -> Table:
    """The table with moments of the signals, too, that a plant has beside the contract of its readings."""
    return CORE_COIL_SEGMENTS.with_fields(field for field in signals_of(readings) if field.of_the_plant)
