# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""Softmax in blocks gives the same answer with the same products and less traffic."""

# --8<-- [start:count]
import matplotlib.pyplot as plt
import numpy as np

WIDTH = 64  # of one head
moved = flops = extra = 0


def move(*arrays):  # Numbers that cross between slow and fast memory.
    global moved
    moved += sum(a.size for a in arrays)
    return arrays


def times(a, b):
    global flops
    flops += 2 * a.shape[0] * a.shape[1] * b.shape[1]
    return a @ b


# --8<-- [end:count]


# --8<-- [start:standard]
def standard(q, k, v):  # Every intermediate result goes to slow memory and back.
    move(q, k)
    scores = times(q, k.T) / WIDTH**0.5  # (time, time)
    move(scores)  # written
    move(scores)  # read
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    move(weights)  # written
    move(weights, v)  # read
    output = times(weights, v)
    move(output)
    return output


# --8<-- [end:standard]


# --8<-- [start:update]
def update(high, total, mixed, scores, values):  # One more block of keys.
    global extra
    higher = np.maximum(high, scores.max(axis=1))
    shrink = np.exp(high - higher)  # 0 in the first round
    weights = np.exp(scores - higher[:, None])
    total = shrink * total + weights.sum(axis=1)
    mixed = shrink[:, None] * mixed + times(weights, values)
    extra += total.size + mixed.size  # Products that only blocks need.
    return higher, total, mixed


# --8<-- [end:update]


# --8<-- [start:flash]
def flash(q, k, v, fast, columns=8):
    rows = (fast - 2 * columns * WIDTH) // (2 * WIDTH + columns + 2)
    output = np.empty_like(q)
    for i in range(0, len(q), rows):
        (block,) = move(q[i : i + rows])  # (rows, width), stays in fast memory
        state = np.full(len(block), -np.inf), np.zeros(len(block)), np.zeros_like(block)
        for j in range(0, len(k), columns):
            keys, values = move(k[j : j + columns], v[j : j + columns])
            scores = times(block, keys.T) / WIDTH**0.5  # (rows, columns)
            held = (block, keys, values, scores, *state)
            assert sum(a.size for a in held) <= fast
            state = update(*state, scores, values)
        (output[i : i + rows],) = move(state[2] / state[1][:, None])
    return output, -(-len(q) // rows)  # How often all keys and values came by.


# --8<-- [end:flash]


# --8<-- [start:run]
def run(function, *arguments):
    global moved, flops, extra
    moved = flops = extra = 0
    return function(*arguments), moved, flops, extra


rng = np.random.default_rng(0)
time = 2048
q, k, v = rng.normal(size=(3, time, WIDTH))  # (time, width) each
full, plain, work, _ = run(standard, q, k, v)
print(f"full: {work:.2e} FLOPs in products, {plain:.1e} numbers moved")
assert plain == 4 * time * WIDTH + 4 * time**2
# --8<-- [end:run]

# --8<-- [start:compare]
memories, ratio, gaps, added = 2 ** np.arange(12, 18), [], [], 0
for fast in map(int, memories):
    (blocks, passes), traffic, same, added = run(flash, q, k, v, fast)
    assert same == work and traffic == 2 * time * WIDTH * (1 + passes)
    gaps.append(np.abs(blocks - full).max())
    ratio.append(traffic / plain)
    print(f"fast memory {fast:6d}: traffic {ratio[-1]:5.2f} of full, error {gaps[-1]:.0e}")
# --8<-- [end:compare]

# --8<-- [start:claim]
print(f"rescaling adds {added / work:.1%} of the products")
above = np.array(ratio) / (WIDTH**2 / memories)
steps = np.divide(ratio[:-1], ratio[1:])
print(f"counted / (width squared / memory): {above.min():.2f} to {above.max():.2f}")
print(f"twice the memory: traffic divided by {steps.min():.1f} to {steps.max():.1f}")
assert 0 < max(gaps) < 1e-14 and added < 0.05 * work
assert 1.1 < above.min() and above.max() < 2 and 1.4 < steps.min() <= steps.max() < 2.4
assert ratio[0] > 1 > ratio[1] and ratio[-1] < 0.07
_, _, twice, _ = run(flash, *rng.normal(size=(3, 2 * time, WIDTH)), 2**17)
print(f"twice the tokens: {twice / work:.0f} times the FLOPs")
assert twice == 4 * work
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
plt.loglog(memories, ratio, "o-", label="counted")
plt.loglog(memories, WIDTH**2 / memories, ":", label="width squared / fast memory")
plt.axhline(1, color="grey", lw=0.8)
plt.xlabel("fast memory (numbers)")
plt.ylabel("traffic / traffic of full attention")
plt.legend()
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
