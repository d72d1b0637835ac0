"""What the local engine knows and decides: pure Python."""
