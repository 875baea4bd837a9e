"""raw/welds: which parts of which parents a welded piece was made of."""

from dataclasses import replace

from schemas.contract import Field
from schemas.fields import LINE, MASS_T, THICKNESS_MM, WIDTH_MM
from schemas.raw.cuts import RAW_CUTS
from schemas.raw_table import raw_table


def _of_cuts(name: str, meaning: str) -> Field:
    return replace(RAW_CUTS.field(name), meaning=meaning)


RAW_WELDS = raw_table(
    "welds",
    row="part of a welded piece",
    meaning="Pieces of raw/cuts that were welded of several parts, each with its parent and its metres there and on the piece. A plant that welds nothing delivers none.",
    key=("line", "piece_id", "finished_at", "part_no"),
    day_of="finished_at",
    fields=(
        LINE,
        _of_cuts("piece_id", "Piece that the part is of, as in raw/cuts."),
        _of_cuts("finished_at", "When the piece left the line, as in raw/cuts."),
        Field("part_no", "bigint", "Number of the part in its piece, in any order: where it lies is told in metres.", 1, minimum=1),
        Field("piece_from_m", "double", "Start of the part on the piece, from the piece's head: 0, or the place of a weld.", 0.0, required=False, minimum=0),
        Field("piece_to_m", "double", "End of the part on the piece; missing where the next part's start or the piece's length says it.", 360.0, required=False, minimum=0),
        _of_cuts("parent_id", "Piece that the part was cut from."),
        _of_cuts("parent_from_m", "Start of the part on its parent, from the parent's head."),
        _of_cuts("parent_to_m", "End of the part on its parent."),
        _of_cuts("is_turned", "Whether the part was turned over; missing where it is as the piece in raw/cuts."),
        THICKNESS_MM.optional("Thickness of the part; missing where it is the piece's."),
        WIDTH_MM.optional("Width of the part; missing where it is the piece's."),
        MASS_T.optional("Mass that the parent gave, where the line knows it; else length x width x thickness divide the piece's."),
    ),
)
