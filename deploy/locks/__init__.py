"""The locks of requirements/: made by uv, recorded with what each wheel says of itself, and proven to be whole."""
