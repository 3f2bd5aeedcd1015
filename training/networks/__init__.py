"""Networks of one page each; a new backbone is a class with `features` and a row in `backbones`."""
