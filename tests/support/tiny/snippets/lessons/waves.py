# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib", "numpy"]
# ///
"""A sine squared and a cosine squared add up to one."""

# --8<-- [start:data]
import numpy as np

x = np.linspace(0, 6, 50)
total = np.sin(x) ** 2 + np.cos(x) ** 2
print(f"largest error {abs(total - 1).max():.0e}")  # (1)!
assert np.allclose(total, 1)
# --8<-- [end:data]

# --8<-- [start:figure]
import matplotlib.pyplot as plt

plt.plot(x, np.sin(x), label="sine")
plt.xlabel("x")
plt.legend()
plt.show()
# --8<-- [end:figure]
