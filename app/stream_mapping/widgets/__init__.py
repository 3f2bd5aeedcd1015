"""What the streams room shows."""
