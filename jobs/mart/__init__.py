"""One job per mart table."""
