"""How the mart tables are made."""
