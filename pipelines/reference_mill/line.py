"""Where things stand along the mill, and how big they are. Distances are in metres along the strip's way."""

import numpy as np

STANDS = 7
STAND_SPACING_M = 5.8
ENTRY_PYROMETER_BEFORE_F1_M = 4.0
GAUGES_BEHIND_F7_M = 2.5
FINISHING_PYROMETER_BEHIND_F7_M = 5.0
COILING_PYROMETER_BEHIND_F7_M = 118.0
COILER_BEHIND_F7_M = 128.0

DENSITY_T_M3 = 7.85
"""Of cold steel. Thickness, width and length of the mill's gauges are reckoned cold."""

MILL_MODULUS_KN_MM = np.array([6_000.0, 6_000.0, 5_800.0, 5_600.0, 5_400.0, 5_200.0, 5_200.0])
ZERO_FORCE_KN = 10_000.0
"""The force at which the gaps are set to zero: gap = thickness - (force - zero force) / mill modulus."""

BARREL_MM = 1_900.0

NEWEST_WORK_ROLL_MM = np.array([825.0, 825.0, 825.0, 760.0, 700.0, 700.0, 700.0])
OLDEST_WORK_ROLL_MM = np.array([735.0, 735.0, 735.0, 680.0, 625.0, 625.0, 625.0])
NEWEST_BACKUP_ROLL_MM = 1_550.0
OLDEST_BACKUP_ROLL_MM = 1_400.0
ROUGHING_ROLL_MM = 1_150.0
