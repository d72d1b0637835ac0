"""Documents made to order: clinical papers whose every fact is known, and hostile files, as bytes."""
