"""What was measured: one unit, one clock, one place."""
