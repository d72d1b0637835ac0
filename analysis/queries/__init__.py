"""Reading the tables of this context."""
