# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Strided patterns and one full layer reach everything; windows alone do not."""

# --8<-- [start:reach]
import numpy as np

TIME, WINDOW = 1024, 32
i, j = np.arange(TIME)[:, None], np.arange(TIME)
causal = j <= i
window = causal & (i - j < WINDOW)
strided = causal & (window | (j % WINDOW == WINDOW - 1))  # Each block's last token.


def reach(*layers):  # Which inputs can the last output depend on?
    paths = layers[0]
    for layer in layers[1:]:
        paths = layer.astype(float) @ paths > 0
    return int(paths[-1].sum())


# --8<-- [end:reach]

# --8<-- [start:patterns]
found = {
    "window, 2 layers": reach(window, window),
    "window, 4 layers": reach(*[window] * 4),
    "strided, 2 layers": reach(strided, strided),
    "3 window layers, 1 full": reach(window, causal, window, window),
}
for name, reached in found.items():
    print(f"{name:24s} {reached:5d} of {TIME}")
print(f"pairs computed: strided {strided.sum() / causal.sum():.1%} of full")
assert list(found.values()) == [63, 125, TIME, TIME]
# --8<-- [end:patterns]

# --8<-- [start:cache]
context, w = 131072, 1024
share = {full: full + (1 - full) * w / context for full in (0, 1 / 6, 1 / 4, 1)}
for full, kept in share.items():
    print(f"{full:4.0%} full layers: {kept:5.1%} of the cache at {context} tokens")
assert share[0] == 1 / 128 and 1 / 6 < share[1 / 6] < 0.18
# --8<-- [end:cache]
