"""Judge: all that must hold and needs no built site, as tuples of named functions."""
