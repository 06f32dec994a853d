# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Recomputing activations keeps the gradient and adds a forward pass."""

# --8<-- [start:run]
import numpy as np
import tensorflow as tf

random = np.random.default_rng(0)
layers, width = 8, 16
x = tf.constant(random.normal(size=(4, width)))
draws = random.normal(size=(layers, width, width)) / 4
weights = [tf.Variable(draw) for draw in draws]
runs = []


def block(h, w):
    runs.append(1)  # Each call is one forward pass of one layer.
    return tf.tanh(h @ w)  # (4, width)


def gradients(layer):
    runs.clear()
    with tf.GradientTape() as tape:
        h = x
        for w in weights:
            h = layer(h, w)
        loss = tf.reduce_sum(h**2)
    slopes = tape.gradient(loss, weights)
    return [g.numpy() for g in slopes], len(runs)


plain, plain_runs = gradients(block)
again, again_runs = gradients(tf.recompute_grad(block))
same = max(abs(a - b).max() for a, b in zip(plain, again, strict=True))
print("gradients equal:", bool(same < 1e-12))
print("forward passes of a layer:", plain_runs, "->", again_runs)
assert same < 1e-12 and (plain_runs, again_runs) == (layers, 2 * layers)
# --8<-- [end:run]

# --8<-- [start:utilisation]
forward, backward = 2, 4  # FLOPs per parameter and token.
model_flops = forward + backward
extra_passes = (again_runs - plain_runs) / plain_runs
hardware_flops = model_flops + forward * extra_passes
parameters, gpus, peak, tokens = 70e9, 1024, 1e15, 1e6  # Inputs.
mfu = tokens * model_flops * parameters / (gpus * peak)
hfu = tokens * hardware_flops * parameters / (gpus * peak)
print(f"per parameter and token: {model_flops} -> {hardware_flops:.0f} FLOPs")
print(f"70B, 1024 GPUs, 1.0M tokens per second: MFU {mfu:.1%}, HFU {hfu:.1%}")
assert abs(hfu / mfu - 4 / 3) < 1e-9
# --8<-- [end:utilisation]
