"""The list of checks before a sitting."""
