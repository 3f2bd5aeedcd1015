"""The checks before a sitting: a short calm list that goes on by itself."""
