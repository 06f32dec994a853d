# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Per token few experts compute, but all must be held, and a batch soon reads nearly all of them."""

# --8<-- [start:held]
import numpy as np

LAYERS, WIDTH, HIDDEN = 61, 7168, 3072  # DeepSeek-V4-Pro.
ROUTED, CHOSEN, SHARED = 384, 6, 1
expert = 3 * WIDTH * HIDDEN  # Up, gate and down.
held = LAYERS * (ROUTED + SHARED) * expert
used = LAYERS * (CHOSEN + SHARED) * expert
print(f"experts hold {held / 1e9:.0f} billion weights; a token uses {used / 1e9:.1f} billion")
assert held / used == (ROUTED + SHARED) / (CHOSEN + SHARED) == 55
# --8<-- [end:held]


# --8<-- [start:read]
def distinct(rng, batch, popularity):
    noise = rng.gumbel(size=(batch, ROUTED)) + np.log(popularity)
    return len(np.unique(np.argpartition(-noise, CHOSEN, axis=1)[:, :CHOSEN]))


even, skewed = np.ones(ROUTED), 1 / np.arange(1, ROUTED + 1)
batches = 1, 16, 64, 256, 1024
formula = {b: ROUTED * (1 - (1 - CHOSEN / ROUTED) ** b) for b in batches}
drawn = {}
assert formula[1] == CHOSEN and formula[64] > 0.6 * ROUTED and formula[256] > 0.97 * ROUTED
print("batch  experts read  formula  skewed  tokens per expert read")
for batch in batches:
    rng = np.random.default_rng(batch)
    drawn[batch] = [np.mean([distinct(rng, batch, p) for _ in range(20)]) for p in (even, skewed)]
    row = drawn[batch][0], formula[batch], drawn[batch][1], batch * CHOSEN / drawn[batch][0]
    print("{:5} {:13.1f} {:8.1f} {:7.1f} {:23.1f}".format(batch, *row))
    assert abs(drawn[batch][0] / formula[batch] - 1) < 0.03
    assert batch == 1 or drawn[batch][1] < drawn[batch][0]
# --8<-- [end:read]
