"""The specialists' web pages: an entry point that shows several contexts, by named exception."""
