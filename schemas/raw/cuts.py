"""raw/cuts: what the finishing lines made of a coil."""

from schemas.contract import Field
from schemas.fields import (
    AT,
    GRADE,
    LENGTH_M,
    LINE,
    MASS_T,
    ORDER_ID,
    QUALITY_CODE,
    SHIFT,
    THICKNESS_MM,
    WIDTH_MM,
)
from schemas.raw_table import raw_table

RAW_CUTS = raw_table(
    "cuts",
    row="new piece of an operation on a coil after the mill",
    meaning="Pieces that dividing, cropping, temper rolling or re-coiling made, with their place on the parent and their mass.",
    key=("line", "piece_id", "finished_at"),
    day_of="finished_at",
    fields=(
        LINE,
        Field("piece_id", "string", "New piece; some lines give it the number of its parent.", "C2611200001A"),
        Field("finished_at", "timestamp", "When the piece left the line.", AT),
        Field("parent_id", "string", "Piece that it was cut from; of a welded piece raw/welds says it.", "C2611200001", required=False),
        Field("operation", "string", "What was done.", "dividing", required=False,
              values=("dividing", "cropping", "temper rolling", "re-coiling")),
        Field("parent_from_m", "double", "Start of the piece on its parent, from the parent's head.", 0.0, required=False, minimum=0),
        Field("parent_to_m", "double", "End of the piece on its parent.", 360.0, required=False, minimum=0),
        Field("is_turned", "boolean", "Whether the strip was turned over: what was the parent's bottom side is on top.", False, required=False),
        ORDER_ID.optional(),
        GRADE.optional(),
        SHIFT.optional(),
        THICKNESS_MM.optional(),
        WIDTH_MM.optional(),
        LENGTH_M.optional(),
        MASS_T.optional("Mass on the exit scale."),
        QUALITY_CODE.optional(),
    ),
)
