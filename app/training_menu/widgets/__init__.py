"""What the training menu shows."""
