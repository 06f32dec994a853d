# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "matplotlib", "scikit-learn", "pillow"]
# ///
"""Two kernels of nine weights each find the edges of a real photograph."""

# --8<-- [start:edges]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn import datasets

photo = datasets.load_sample_image("china.jpg")[None] / 255.0
gray = tf.image.rgb_to_grayscale(tf.cast(photo, tf.float32))
gray = tf.image.resize(gray, (80, 120), antialias=True)  # (1, 80, 120, 1)
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "float32")
kernels = np.stack([sobel, sobel.T], axis=-1)[:, :, None]  # (3, 3, 1, 2)


def edges(picture):
    change = tf.nn.conv2d(picture, kernels, 1, "VALID").numpy()[0]  # (78, 118, 2)
    return change, np.hypot(change[..., 0], change[..., 1])  # ... and (78, 118)


def share_of_the_strongest_tenth(strength):
    ordered = np.sort(strength.ravel())
    return ordered[-ordered.size // 10 :].sum() / ordered.sum()


change, strength = edges(gray)
library = tf.image.sobel_edges(gray).numpy()[0, 1:-1, 1:-1, 0, ::-1]
print("photo", photo.shape, "edge maps", change.shape)
print("equal to tf.image.sobel_edges:", np.allclose(change, library, atol=1e-5))
assert np.allclose(change, library, atol=1e-5)
mixed = np.random.default_rng(0).permutation(gray.numpy().ravel()).reshape(gray.shape)
share, chance = [share_of_the_strongest_tenth(edges(p)[1]) for p in (gray, mixed)]
print(f"a tenth of the pixels holds {share:.0%} of the edge strength")
print(f"with the pixels in random order: {chance:.0%}")
assert share > 1.5 * chance
# --8<-- [end:edges]

# --8<-- [start:plot]
figure, axes = plt.subplots(1, 3, figsize=(6.4, 1.9))
pictures = {
    "brightness": gray[0, :, :, 0],
    "left-right change": np.abs(change[..., 0]),
    "edge strength": strength,
}
for ax, (title, picture) in zip(axes, pictures.items(), strict=True):
    ax.imshow(picture, cmap="gray")
    ax.set(title=title, xticks=[], yticks=[])
plt.show()
# --8<-- [end:plot]
