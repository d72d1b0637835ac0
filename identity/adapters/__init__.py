"""What identity keeps outside its database."""
