"""What networks learn from: labelled images, and images with attention maps.

To add a source: a module with ``read(path) -> ExampleSet`` and a line in `sources.load_examples`.
"""
