"""Running training: the loop, checkpoints, progress, and stopping when asked."""
