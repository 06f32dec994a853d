# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""The first n odd numbers add up to n squared."""

# --8<-- [start:sum]
total = sum(range(1, 20, 2))
print("sum", total)
assert total == 10**2
# --8<-- [end:sum]
