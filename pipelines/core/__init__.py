"""How the core tables are made."""
