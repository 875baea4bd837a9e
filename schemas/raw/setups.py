"""raw/setups: what the mill's set-up asked of a coil's signals, or predicted."""

from schemas.contract import Field
from schemas.fields import AT, COIL_ID
from schemas.raw_table import raw_table

RAW_SETUPS = raw_table(
    "setups",
    row="coil and signal that its set-up tells of",
    meaning="Forces, gaps and temperatures that the last set-up before the head predicted or asked for.",
    key=("coil_id", "signal"),
    day_of="set_at",
    fields=(
        COIL_ID,
        Field("signal", "string", "Signal: a field of the readings.", "f3_force_kn"),
        Field("set_at", "timestamp", "When the set-up was made.", AT),
        Field("setup_of_signal", "double", "Value that it predicted or asked for.", 14_500.0),
        Field("hit_within_of_signal", "double", "By how much the head may differ from it to count as hit; missing where none is set.", 1_450.0, required=False, minimum=0),
    ),
)
