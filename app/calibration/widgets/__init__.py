"""What the calibration room shows."""
