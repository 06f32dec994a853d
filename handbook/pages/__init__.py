"""Find: the text of a page or of a lab → the Python blocks a reader will see and their programs."""
