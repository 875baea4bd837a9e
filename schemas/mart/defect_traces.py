"""mart/defect_traces: each surface defect at its place on coil, slab and strand, with what was not normal there."""

from schemas.contract import Field, Input, Promise, Table
from schemas.core.coil_defects import CORE_COIL_DEFECTS
from schemas.core.length_maps import CORE_LENGTH_MAPS, SLAB_DAYS
from schemas.fields import PRODUCTION_DAY
from schemas.mart.process_faults import MART_PROCESS_FAULTS

PIECE_KINDS = ("hot coil", "slab", "strand")


def _metres(name: str, meaning: str, example: float) -> Field:
    return Field(name, "double", meaning, example, required=False, minimum=0, maximum=1_000_000)


def _of_fault(name: str) -> Field:
    return MART_PROCESS_FAULTS.field(name).optional()


MART_DEFECT_TRACES = Table(
    layer="mart",
    name="defect_traces",
    row="surface defect, piece that it lay on, and process fault at its place there; without a fault, one row",
    meaning="Where each defect was on hot coil, slab and strand, each with its error, and which process faults of that step lie there.",
    key=("defect_id", "piece_kind", "suspect_no"),
    day_of="production_day",
    made_from=(
        Input(CORE_COIL_DEFECTS),
        Input(CORE_LENGTH_MAPS, days_back=SLAB_DAYS),
        Input(MART_PROCESS_FAULTS),
    ),
    promises=(
        Promise("place_or_doubt", "(piece_id is not null and from_m is not null) or doubt is not null", "What has no place says why."),
        Promise("runs_forward", "from_m <= to_m", "A place does not end before it begins."),
        Promise("suspect_is_told", "suspect_no = 0 or (step is not null and distance_m is not null)", "A suspect has its step and its distance."),
    ),
    fields=(
        CORE_COIL_DEFECTS.field("defect_id"),
        CORE_COIL_DEFECTS.field("coil_id"),
        PRODUCTION_DAY,
        CORE_COIL_DEFECTS.field("side"),
        CORE_COIL_DEFECTS.field("defect_class"),
        Field("piece_kind", "string", "What kind of piece it lay on.", "slab", values=PIECE_KINDS),
        Field("piece_id", "string", "The piece; of the caster, the strand.", "S2611200001", required=False),
        _metres("from_m", "Start of the defect there, from the head of the piece; on a strand by the strand's counter.", 4.31),
        _metres("to_m", "End of the defect there.", 4.33),
        _metres("sigma_m", "Standard deviation of the error of the place, in metres there.", 0.02),
        Field("suspect_no", "bigint", "Number of the process fault at this place, from the nearest; 0 where there is none.", 1, minimum=0),
        Field("suspects_n", "bigint", "Process faults of the steps of this piece at this place.", 1, minimum=0),
        _of_fault("step"),
        _of_fault("detector"),
        _of_fault("signals"),
        _of_fault("strength_ratio"),
        Field("fault_from_m", "double", "Start of the process fault on the hot coil: with step and detector its key.", 350.0, required=False, minimum=0),
        Field("distance_m", "double", "From the defect to the process fault on the hot coil; 0 where they overlap.", 0.0, required=False, minimum=0),
        Field("is_ambiguous", "boolean", "True where the place, or what lies there, could be several things.", False),
        Field("doubt", "string", "Why the place is not known or could be another, or which suspects there are; missing where all is certain.", None, required=False),
    ),
)
