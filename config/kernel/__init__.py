"""Plumbing that all five contexts stand on. It knows none of them."""
