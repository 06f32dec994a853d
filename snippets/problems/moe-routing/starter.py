# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Starter: top-k routing of tokens to experts."""

# --8<-- [start:starter]
import numpy as np


def moe(x, router, up, down, mask, k, factor=1.25, renormalize=True):
    """x: (tokens, width); router: (width, experts); returns output, loss, load (experts,)."""
    return np.zeros(x.shape), 0.0, np.zeros(router.shape[1], int)  # TODO: yours.


# --8<-- [end:starter]
# --8<-- [start:example]
x, router = np.log([[3.0], [3.0], [9.0]]), np.array([[1.0, 0.0]])
up, down = np.array([[[1.0]], [[1.0]]]), np.array([[[1.0]], [[10.0]]])
output, loss, load = moe(x, router, up, down, np.ones(3, bool), k=1, factor=1.0, renormalize=False)
print(f"wanted [0.824, 0.824, 0.0], got {output[:, 0].round(4).tolist()}")
print(f"wanted 1.6000 and [2, 0], got {loss:.4f} and {load.tolist()}")
# --8<-- [end:example]
