"""Logs, metrics and health: what operators see, and never PHI."""
