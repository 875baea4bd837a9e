"""raw/energy_readings: what a line drew from the networks."""

from schemas.contract import Field
from schemas.fields import FROM_AT, LINE
from schemas.raw_table import raw_table

RAW_ENERGY_READINGS = raw_table(
    "energy_readings",
    row="line and quarter hour",
    meaning="Electricity, gas and water of a line in a quarter hour.",
    key=("line", "from_at"),
    day_of="from_at",
    readings=True,
    fields=(
        LINE,
        FROM_AT,
        Field("electricity_kwh", "double", "Electricity.", 9_800.0, required=False, minimum=0, maximum=1e6),
        Field("gas_m3", "double", "Gas at standard conditions.", 3_900.0, required=False, minimum=0, maximum=1e6),
        Field("water_m3", "double", "Water.", 2_600.0, required=False, minimum=0, maximum=1e6),
    ),
)
