"""What several rooms show: the dark theme, icons, and small widgets."""
