"""From a bare machine to a running product, with Python's standard library alone."""
