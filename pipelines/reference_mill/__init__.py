"""A made-up but plausible hot-strip mill whose truth is known, day by day, as Arrow tables.

What a day delivers depends on the seed, the day and the settings, and on nothing else: days can be made
one by one, in any order, and again. docs/reference_mill.md says what is modelled, and after whom.
"""

from pipelines.reference_mill.mill import CLEAN, Dirt, Mill, MillSettingError

__all__ = ["CLEAN", "Dirt", "Mill", "MillSettingError"]
