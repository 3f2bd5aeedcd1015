"""The training menu: starts the trainer as a process of its own and shows how far it is."""
