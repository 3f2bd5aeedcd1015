"""What the operator room shows."""
