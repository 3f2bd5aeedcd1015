"""The trainer: attention predictor, contrastive views and methods, evaluation (torch, no Qt)."""
