"""Synthetic readers and images: what they make is called simulated wherever it goes."""
