"""Every check of the project, in the order that fails fastest, with a table at the end."""
