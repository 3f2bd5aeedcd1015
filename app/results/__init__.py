"""The room of results: what gaze told, by case and by session."""
