"""Edit: pages begun, moved, removed and compared, as a contributor asks for it."""
