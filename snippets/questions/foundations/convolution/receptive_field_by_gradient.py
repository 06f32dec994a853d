# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib"]
# ///
"""The gradient lights up the pixels one output can see: the formula gives their extent."""

# --8<-- [start:formula]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

stacks = {  # Each layer: (kernel, stride, dilation).
    "one 7x7": [(7, 1, 1)],
    "three 3x3": [(3, 1, 1)] * 3,
    "3x3, stride 2, three times": [(3, 2, 1)] * 3,
    "3x3, dilation 1, 2, 4": [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
    "3x3, dilation 2, 2, 2": [(3, 1, 2)] * 3,
}


def formula(stack):
    field, step = 1, 1  # Pixels from end to end, and input pixels between neighbors.
    for kernel, stride, dilation in stack:
        field += (kernel - 1) * dilation * step
        step *= stride
    return field


# --8<-- [end:formula]


# --8<-- [start:gradient]
def gradient_map(stack, size=63):
    """Gradient of the middle output with respect to every input pixel."""
    image = tf.Variable(tf.ones((1, size, size, 1)))
    with tf.GradientTape() as tape:
        x = image
        for kernel, stride, dilation in stack:
            # Positive weights, so that no two paths cancel. Dilation puts zeros between them.
            span = (kernel - 1) * dilation + 1
            weights = np.zeros((span, span, 1, 1), "float32")
            weights[::dilation, ::dilation] = 1 / kernel**2
            x = tf.nn.conv2d(x, weights, stride, "VALID")
        middle = x[0, x.shape[1] // 2, x.shape[2] // 2, 0]
    return tape.gradient(middle, image).numpy()[0, :, :, 0]


# --8<-- [end:gradient]

# --8<-- [start:compare]
print(f"{'stack':28}formula  measured  seen  weights for C channels")
measured, seen, center = {}, {}, {}
for name, stack in stacks.items():
    gradient = gradient_map(stack)
    columns = np.flatnonzero(gradient.any(axis=0))
    measured[name] = int(columns[-1] - columns[0] + 1)  # From the first to the last.
    seen[name] = len(columns)
    center[name] = gradient.sum(axis=0)[columns]
    weights = sum(kernel**2 for kernel, _, _ in stack)
    numbers = f"{formula(stack):7}{measured[name]:10}{seen[name]:6}"
    print(f"{name:28}{numbers}  {weights:5} C^2")
    assert measured[name] == formula(stack)
holes = [name for name in stacks if seen[name] < measured[name]]
assert holes == ["3x3, dilation 2, 2, 2"]
# --8<-- [end:compare]

# --8<-- [start:plot]
figure, axes = plt.subplots(figsize=(6.4, 3.0))
for name in ("one 7x7", "three 3x3"):
    axes.plot(np.arange(-3, 4), center[name], marker="o", label=name)
axes.set(xlabel="distance from the middle (pixels)", ylabel="share of the gradient")
axes.set_ylim(bottom=0)
axes.legend()
plt.show()
edge_share = center["three 3x3"][0] / center["three 3x3"][3]
print(f"three 3x3: the outermost pixel counts {edge_share:.2f} of the middle one")
assert edge_share < 0.2
# --8<-- [end:plot]
