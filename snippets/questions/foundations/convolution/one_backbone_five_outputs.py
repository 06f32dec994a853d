# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Image tasks share the convolutions and differ in the shape of the output."""

# --8<-- [start:backbone]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
image = tf.keras.Input((64, 128, 3))
x = image
for channels in (16, 32, 64):
    x = layers.Conv2D(channels, 3, strides=2, padding="same", activation="relu")(x)
features = x  # (batch, 8, 16, 64): an eighth of the height and width.
classes = 10
# --8<-- [end:backbone]

# --8<-- [start:heads]
pooled = layers.GlobalAveragePooling2D()(features)
column = layers.Reshape((16, 8 * 64))(layers.Permute((2, 1, 3))(features))
upsampled = layers.Conv2DTranspose(classes, 8, strides=8, padding="same")
heads = {
    "classification": layers.Dense(classes)(pooled),
    # Four box numbers, one objectness and the classes in every cell.
    "detection": layers.Conv2D(4 + 1 + classes, 1)(features),
    "segmentation": upsampled(features),
    # 26 letters, ten digits or blank for each column, from left to right.
    "text reading": layers.Dense(37)(column),
}
sharp = layers.Conv2D(3 * 2 * 2, 3, padding="same")(image)
sharp = layers.Lambda(lambda y: tf.nn.depth_to_space(y, 2))(sharp)
heads["super-resolution"] = sharp  # Works at the size of the input, not on the features.
# --8<-- [end:heads]

# --8<-- [start:shapes]
shapes = {task: output.shape[1:] for task, output in heads.items()}
for task, shape in shapes.items():
    print(f"{task:17} {shape}")
weights = tf.keras.Model(image, features).count_params()
print(f"one backbone for the first four: {weights:,} parameters")
assert shapes["classification"] == (classes,)
assert shapes["detection"] == (8, 16, 4 + 1 + classes)  # one answer for each cell
assert shapes["segmentation"] == (64, 128, classes)  # one for each pixel
assert shapes["text reading"] == (16, 37)  # one for each column
assert shapes["super-resolution"] == (128, 256, 3)  # twice as high and as wide
dark = np.zeros((1, 8, 16, 64), "float32")
lit = dark.copy()
lit[:, :, 3] = 1  # One column of the features, from top to bottom, ...
read = tf.keras.Model(features, heads["text reading"])
changed = (read(lit) != read(dark)).numpy()[0].any(axis=1)
assert np.flatnonzero(changed).tolist() == [3]  # ... changes its own answer only.
# --8<-- [end:shapes]
