"""The worklist: opening a study, signing in, the cases and what the reader has done with them."""
