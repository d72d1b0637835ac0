"""Migrations that the linter must refuse."""
