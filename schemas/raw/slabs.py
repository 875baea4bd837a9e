"""raw/slabs: what was cast, charged and discharged."""

from schemas.contract import Field
from schemas.fields import AT, GRADE, HEAT_ID, LENGTH_M, MASS_T, ORDER_ID, SLAB_ID, THICKNESS_MM, WIDTH_MM
from schemas.raw_table import raw_table

RAW_SLABS = raw_table(
    "slabs",
    row="slab",
    meaning="Heat, strand, cast interval, dimensions, mass and furnace times of a slab.",
    key=("slab_id",),
    day_of="discharged_at",
    fields=(
        SLAB_ID,
        HEAT_ID.optional(),
        ORDER_ID.optional(),
        GRADE.optional(),
        Field("strand", "string", "Strand of the caster.", "1", required=False),
        Field("cast_at", "timestamp", "When the slab was cut off the strand.", AT, required=False),
        Field("cast_from_m", "double", "Start of the slab on the cast strand.", 120.0, required=False, minimum=0),
        Field("cast_to_m", "double", "End of the slab on the cast strand.", 129.6, required=False, minimum=0),
        THICKNESS_MM.optional(),
        WIDTH_MM.optional(),
        LENGTH_M.optional(),
        MASS_T.optional("Mass on the charging scale."),
        Field("furnace", "string", "Reheating furnace.", "RF1", required=False),
        Field("charged_at", "timestamp", "When the slab entered the furnace.", AT, required=False),
        Field("charge_temp_c", "double", "Slab temperature at charging.", 25.0, required=False, minimum=-40, maximum=1300),
        Field("discharged_at", "timestamp", "When the slab left the furnace.", AT),
    ),
)
