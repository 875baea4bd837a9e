"""core/length_maps: the genealogy, as maps of lengths from cast strand to finished piece."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coils import CORE_COILS
from schemas.fields import AT, LINE, PRODUCTION_DAY
from schemas.raw.cuts import RAW_CUTS
from schemas.raw.scrap import RAW_SCRAP
from schemas.raw.slabs import RAW_SLABS
from schemas.raw.welds import RAW_WELDS

CHILD_KINDS = ("slab", "hot coil", "piece")

SLAB_DAYS = 3
"""A slab is looked for so many days before its coil, and so are the slabs beside it on the strand."""


def _place(name: str, meaning: str, example: float) -> Field:
    # The counter of a strand may run on for years.
    maximum = 1_000_000 if name.startswith("parent") else 20_000
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=maximum)


CORE_LENGTH_MAPS = Table(
    layer="core",
    name="length_maps",
    row="interval of a child and the interval of the parent that it was made from",
    meaning="Genealogy as maps of lengths: strand to slab, slab to hot coil, coil to finished pieces; linear within a row. A welded piece has a row per part.",
    key=("child_kind", "line", "child_id", "made_at", "part_no"),
    day_of="made_at",
    made_from=(
        Input(CORE_COILS),
        Input(RAW_SLABS, days_back=SLAB_DAYS),
        Input(RAW_CUTS),
        Input(RAW_WELDS),
        Input(RAW_SCRAP),
    ),
    promises=(
        Promise("child_runs_forward", "child_from_m < child_to_m", "An interval of the child has a length."),
        Promise("parent_runs_forward", "parent_from_m < parent_to_m", "An interval of the parent has a length."),
        Promise(
            "place_or_doubt",
            "doubt is not null or (child_to_m is not null and parent_id is not null and parent_from_m is not null "
            "and parent_to_m is not null and is_reversed is not null and sigma_m is not null)",
            "What is not known, or could be several things, says why.",
        ),
        Promise("ambiguous_has_candidates", "not is_ambiguous or doubt is not null", "What could be several things names them."),
    ),
    fields=(
        Field("child_id", "string", "Piece that was made: slab, hot coil or finished piece.", "C2611200001"),
        Field("child_kind", "string", "What kind of piece it is.", "hot coil", values=CHILD_KINDS),
        Field("made_at", "timestamp", "When it came to be: discharged, coiled or cut.", AT),
        PRODUCTION_DAY,
        LINE,
        Field("part_no", "bigint", "Number of the part of a welded piece, as delivered; 1 of what has one parent.", 1, minimum=1),
        Field("child_from_m", "double", "Start on the child, from its head; 0 where the part could be anywhere on it.", 0.0, minimum=0, maximum=20_000),
        _place("child_to_m", "End on the child, not in it; missing where its length is not known, its tail where the part could be anywhere.", 720.0),
        Field("parent_id", "string", "Piece that it was made from; of a slab, its strand.", "S2611200001", required=False),
        _place("parent_from_m", "Start on the parent, from the parent's head; on a strand by the strand's counter.", 0.05),
        _place("parent_to_m", "End on the parent, not in it.", 9.51),
        Field("mass_share_pct", "double", "Share of the child's mass that this parent gave; missing where it is not known.", 100.0, required=False, minimum=0, maximum=100),
        Field("is_reversed", "boolean", "True where the child's head lies at the end of the parent's interval.", False, required=False),
        Field("is_side_flipped", "boolean", "True where the parent's bottom became the top; missing where nobody told.", False, required=False),
        Field("operation", "string", "What was done: casting, rolling, or what the finishing line did.", "rolling", required=False),
        Field("cast_at", "timestamp", "Of a slab: when it was cut off; a strand's counter starts anew now and then.", AT, required=False),
        Field("sigma_m", "double", "Standard deviation of the position error, in metres of the child: root mean square over them.", 0.75, required=False, minimum=0, maximum=100),
        Field("is_ambiguous", "boolean", "True where the place could be several things.", False),
        Field("doubt", "string", "Why the place is not known or could be another, with the candidates; missing where it is certain.", None, required=False),
    ),
)
