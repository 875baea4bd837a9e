"""The only package that touches tables: Delta folders, one per contract, in one lake."""
