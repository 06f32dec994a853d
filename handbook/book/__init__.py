"""Know: all pages of a handbook together, read once."""
