"""Measurements beside a raw baseline in the same run; by command only, never as a timed test."""
