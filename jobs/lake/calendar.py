"""The mill's day is one for all tables of a lake: its time zone and start hour stand beside them."""

import json

from pyarrow import fs

from jobs.lake.delta import filesystem_of
from jobs.settings import Settings

CALENDAR = "calendar.json"


class CalendarError(RuntimeError):
    """The lake counts its days otherwise than this run would."""


def settle_calendar(settings: Settings) -> None:
    """Write down how the lake counts its days where nothing says so yet; a CalendarError where it differs."""
    calendar = {"time_zone": settings.time_zone, "day_starts_at_h": settings.day_starts_at_h}
    filesystem, root = filesystem_of(settings.lake)
    path = f"{root}/{CALENDAR}"
    if filesystem.get_file_info(path).type == fs.FileType.NotFound:
        filesystem.create_dir(root, recursive=True)
        with filesystem.open_output_stream(path) as file:
            file.write(json.dumps(calendar).encode())
        return
    with filesystem.open_input_stream(path) as file:
        known = json.loads(file.read())
    if known != calendar:
        raise CalendarError(
            f"A lake promises one calendar, but {settings.lake} counts its days "
            f"from {known['day_starts_at_h']} h in {known['time_zone']} "
            f"and this run from {settings.day_starts_at_h} h in {settings.time_zone}; "
            "set COILMART_TIME_ZONE and COILMART_DAY_STARTS_AT_H as they were, or take another lake."
        )
