# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""LayerNorm and RMSNorm, forward and backward, step by step."""

# --8<-- [start:solution]
import numpy as np


def normalize(x, gain, dy, epsilon, center):
    mean = x.mean(axis=-1, keepdims=True) if center else 0.0
    middle = x - mean
    scale = 1 / np.sqrt((middle**2).mean(axis=-1, keepdims=True) + epsilon)
    normal = middle * scale  # (batch, time, features)
    y = normal * gain
    dgain = (dy * normal).sum(axis=(0, 1))
    dnormal = dy * gain
    dx = dnormal - normal * (dnormal * normal).mean(axis=-1, keepdims=True)
    if center:
        dx = dx - dnormal.mean(axis=-1, keepdims=True)
    return y, dx * scale, dgain


# --8<-- [end:solution]
# --8<-- [start:example]
x, gain = np.array([[[3.0, 4.0]]]), np.array([1.0, 2.0])
dy = np.array([[[1.0, 0.0]]])
y, dx, dgain = normalize(x, gain, dy, 0.0, center=False)
print("RMSNorm  ", y.round(4)[0, 0], dx.round(4)[0, 0], dgain.round(4))
assert np.allclose(y, np.array([3, 8]) / np.sqrt(12.5))
assert np.allclose(dx, np.array([0.64, -0.48]) / np.sqrt(12.5))
assert np.allclose(dgain, [3 / np.sqrt(12.5), 0])
y, dx, dgain = normalize(x, gain, dy, 0.0, center=True)
print("LayerNorm", y.round(4)[0, 0], dx.round(4)[0, 0], dgain.round(4))
assert np.allclose(y, [[[-1, 2]]])
# --8<-- [end:example]
