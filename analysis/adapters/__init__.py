"""What this context asks of the outside."""
