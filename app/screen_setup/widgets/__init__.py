"""The page where the screen is measured, and the patch for the photodiode."""
