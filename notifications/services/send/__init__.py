"""One message to one person, and what can be taken back of it."""
