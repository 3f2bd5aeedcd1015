"""What pre-training gained: probes, health, and comparisons over methods, arms and seeds."""
