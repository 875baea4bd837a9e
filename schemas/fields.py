"""Fields that more than one table carries, defined once so that one name means one thing."""

from datetime import UTC, date, datetime

from schemas.contract import Field

AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 8, 50, tzinfo=UTC)

PRODUCTION_DAY = Field(
    "production_day",
    "date",
    "The mill's own day: its time zone and start hour are settings.",
    date(2026, 11, 20),
)

# Who and what
LINE = Field("line", "string", "Production line.", "HSM")
SHIFT = Field("shift", "string", "Crew or shift as the plant names it.", "A")
HEAT_ID = Field("heat_id", "string", "Heat given by the melt shop.", "H26110001")
SLAB_ID = Field("slab_id", "string", "Slab given by the caster.", "S2611200001")
COIL_ID = Field("coil_id", "string", "Hot coil given by the mill.", "C2611200001")
ORDER_ID = Field("order_id", "string", "Order line that the piece is made for.", "O100001")
MATERIAL_ID = Field(
    "material_id", "string", "Piece of material: slab, coil, cut piece or scrap.", "C2611200001"
)
GRADE = Field("grade", "string", "Steel grade as the plant names it.", "S355MC")
GRADE_FAMILY = Field("grade_family", "string", "Family of grades that roll alike.", "HSLA")
QUALITY_CODE = Field("quality_code", "string", "The plant's own quality code.", "P1")
QUALITY = Field(
    "quality",
    "string",
    "What the quality code means; missing where the code is not known.",
    "prime",
    values=("prime", "secondary", "scrap"),
)
EQUIPMENT = Field("equipment", "string", "Equipment concerned.", "F3")

# Dimensions and mass
THICKNESS_MM = Field("thickness_mm", "double", "Thickness.", 3.0, minimum=0.1, maximum=500)
WIDTH_MM = Field("width_mm", "double", "Width.", 1250.0, minimum=10, maximum=3000)
LENGTH_M = Field("length_m", "double", "Length.", 720.0, minimum=0, maximum=20_000)
MASS_T = Field("mass_t", "double", "Mass.", 21.5, minimum=0, maximum=60)

# Intervals
FROM_AT = Field("from_at", "timestamp", "Start of the interval.", AT)
TO_AT = Field("to_at", "timestamp", "End of the interval, not in it.", LATER)
VALID_FROM_AT = Field("valid_from_at", "timestamp", "From when this row holds.", AT)
VALID_TO_AT = Field(
    "valid_to_at", "timestamp", "Until when it holds; missing while it does.", None, required=False
)
SAMPLED_AT = Field("sampled_at", "timestamp", "When the reading was taken.", AT)

# A part of the key: systems that write files of their own tell of one moment, none supersedes another.
SYSTEM = Field(
    "system",
    "string",
    "System that told the row, by a clock of its own; missing where one told all of them.",
    None,
    required=False,
)

# Where a row came from
DELIVERY_ID = Field(
    "delivery_id", "string", "Delivery: one file, with the content it had.", "d41d8cd98f00b204"
)
SOURCE_FILE = Field("source_file", "string", "File in the landing folder.", "coils/2026-11-20.jsonl")
ROW_NUMBER = Field("row_number", "bigint", "Place of the row in its file, from 1.", 1, minimum=1)
INGESTED_AT = Field("ingested_at", "timestamp", "When the lake learned it.", AT, of_the_run=True)
TABLE_PATH = Field("table_path", "string", "Table, layer and name.", "raw/coils")
RUN_ID = Field("run_id", "string", "Run that wrote the row.", "20261121T030000-1a2b", of_the_run=True)
