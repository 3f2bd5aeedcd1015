"""Pictures of what gaze tells: scanpaths, attention over the image, the quality of a session."""
