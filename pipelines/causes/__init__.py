"""From defects, signals and conditions of coils to ranked causes."""
