"""Read, call one pipeline, write. The only layer that knows storage, engines, settings and the day."""
