# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""A mixture of experts stores all weights and multiplies by the chosen ones."""

# --8<-- [start:experts]
import numpy as np

TOKENS, WIDTH, INNER, EXPERTS, CHOSEN = 512, 32, 64, 8, 2
rng = np.random.default_rng(0)
x = rng.normal(size=(TOKENS, WIDTH))
up = rng.normal(size=(EXPERTS, WIDTH, INNER)) / WIDTH**0.5
down = rng.normal(size=(EXPERTS, INNER, WIDTH)) / INNER**0.5
router = rng.normal(size=(WIDTH, EXPERTS))
flops = 0


# --8<-- [end:experts]


# --8<-- [start:route]
def times(a, b):
    global flops
    flops += 2 * a.shape[0] * a.shape[1] * b.shape[1]
    return a @ b


chosen = np.argsort(-times(x, router), axis=1)[:, :CHOSEN]  # (tokens, chosen)
output = np.zeros_like(x)
for e in range(EXPERTS):
    mine = (chosen == e).any(axis=1)  # (tokens,)
    output[mine] += times(np.maximum(times(x[mine], up[e]), 0), down[e]) / CHOSEN
# --8<-- [end:route]

# --8<-- [start:claim]
total = up.size + down.size + router.size
active = CHOSEN * (up[0].size + down[0].size) + router.size
print(f"{total} weights, {active} active for a token")
print(f"operations per token: {flops / TOKENS:.0f} = 2 x {active}")
print(f"2 N with all weights: {total / active:.1f} times the operations")
assert flops == 2 * active * TOKENS and total > 3 * active
# --8<-- [end:claim]
