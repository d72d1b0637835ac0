"""Sealed files, and their way to a newer key."""
