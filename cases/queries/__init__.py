"""Reading cases: who may, and fast."""
