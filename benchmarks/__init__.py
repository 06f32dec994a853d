"""What the proof costs, measured next to what others would pay. `make bench` runs all of it."""
