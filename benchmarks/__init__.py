"""The same work done by others, side by side."""
