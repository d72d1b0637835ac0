"""Erasure, export and retention of cases."""
