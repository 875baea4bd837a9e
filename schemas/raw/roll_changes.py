"""raw/roll_changes: which roll went in and which came out."""

from schemas.contract import Field
from schemas.fields import AT, LINE
from schemas.raw_table import raw_table

RAW_ROLL_CHANGES = raw_table(
    "roll_changes",
    row="roll change: stand, place in the stand and time",
    meaning="Rolls in and out of a stand, with diameter and tonnes rolled.",
    key=("line", "stand", "position", "changed_at"),
    day_of="changed_at",
    fields=(
        LINE,
        Field("stand", "string", "Stand.", "F3"),
        Field("position", "string", "Place of the roll in the stand.", "top work",
              values=("top work", "bottom work", "top backup", "bottom backup")),
        Field("changed_at", "timestamp", "When the new roll was in.", AT),
        Field("roll_in_id", "string", "Roll that went in.", "WR-1042", required=False),
        Field("roll_out_id", "string", "Roll that came out.", "WR-1017", required=False),
        Field("roll_in_diameter_mm", "double", "Diameter of the roll that went in.", 742.0, required=False, minimum=200, maximum=2000),
        Field("roll_out_rolled_t", "double", "Tonnes that the roll that came out had rolled.", 1650.0, required=False, minimum=0),
    ),
)
