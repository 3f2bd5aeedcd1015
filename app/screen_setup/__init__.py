"""The screen: its true size, its display latency, and whether it is still the one calibrated."""
