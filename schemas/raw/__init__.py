"""What the plant systems deliver: one table per source, typed, counted, nothing lost."""
