"""The sections of the report, a module each: ORDER, TITLE, QUESTION and ``content(connection, day)``."""
