"""The attention predictor: a U-Net that learns where readers look."""
