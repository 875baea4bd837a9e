"""One job per core table."""
