"""What identity keeps outside its database, and the libraries of others' formats and protocols."""
