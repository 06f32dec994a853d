"""Remember: what a program gave is kept under a key; what has no record runs now, here or elsewhere."""
