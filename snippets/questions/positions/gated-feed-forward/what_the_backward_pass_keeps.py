# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""At equal parameters a gated layer keeps a third more hidden numbers for the backward pass."""

# --8<-- [start:forward]
import numpy as np
import tensorflow as tf

D, TOKENS = 48, 10
rng = np.random.default_rng(0)
x, upstream = rng.normal(size=(2, TOKENS, D))  # upstream: the gradient of the output


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def swiglu(x, gate, up, down):
    a, b = x @ gate, x @ up  # (tokens, width)
    s = a * sigmoid(a)
    h = s * b
    return h @ down, {"x": x, "a": a, "b": b, "s": s, "h": h}


# --8<-- [end:forward]


# --8<-- [start:backward]
def gradients(kept, upstream, gate, up, down):
    x, a, b = kept["x"], kept["a"], kept["b"]
    s = kept["s"] if "s" in kept else a * sigmoid(a)  # Elementwise, so cheap to repeat.
    h = kept["h"] if "h" in kept else s * b
    toward_h = upstream @ down.T
    slope = sigmoid(a) * (1 + a * (1 - sigmoid(a)))
    toward_a, toward_b = toward_h * b * slope, toward_h * s
    return x.T @ toward_a, x.T @ toward_b, h.T @ upstream, toward_a @ gate.T + toward_b @ up.T


# --8<-- [end:backward]

# --8<-- [start:check]
width = 8 * D // 3
gate, up = rng.normal(size=(2, D, width)) / D**0.5
down = rng.normal(size=(width, D)) / width**0.5
inputs = [tf.Variable(value) for value in (gate, up, down, x)]
with tf.GradientTape() as tape:
    g, u, d, tokens = inputs
    loss = tf.reduce_sum(((tf.nn.silu(tokens @ g) * (tokens @ u)) @ d) * upstream)
expected = tape.gradient(loss, inputs)
_, everything = swiglu(x, gate, up, down)
lean = {name: everything[name] for name in ("x", "a", "b")}
for kept in (everything, lean):
    found = gradients(kept, upstream, gate, up, down)
    wrong = max(np.abs(f - e).max() for f, e in zip(found, expected, strict=True))
    print(f"keeping {', '.join(kept)}: gradients wrong by at most {wrong:.0e}")
    assert wrong < 1e-12
# --8<-- [end:check]

# --8<-- [start:count]
wide = x @ rng.normal(size=(D, 4 * D))  # what a plain layer of the same parameters computes
after = np.maximum(wide, 0)  # h; where it is 0 tells ReLU's slope, but GELU's slope needs a.
kept = {
    "SwiGLU": everything.values(),
    "SwiGLU, s and h repeated": lean.values(),
    "GELU (x, a, h)": (x, wide, after),
    "GELU, h repeated (x, a)": (x, wide),
    "ReLU (x, h)": (x, after),
}
numbers = {name: sum(v.size for v in values) / TOKENS / D for name, values in kept.items()}
for name, per_token in numbers.items():
    print(f"{name:25s} {per_token:5.2f} d numbers per token")
hidden = [numbers[name] - 1 for name in ("SwiGLU", "GELU (x, a, h)")]
hidden_lean = [numbers[n] - 1 for n in ("SwiGLU, s and h repeated", "GELU, h repeated (x, a)")]
assert np.isclose(hidden[0] / hidden[1], 4 / 3)
assert np.isclose(hidden_lean[0] / hidden_lean[1], 4 / 3)
# --8<-- [end:count]
