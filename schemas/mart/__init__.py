"""What the mill wants to know."""
