"""How the raw tables are made."""
