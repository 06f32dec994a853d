# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""float16 rounds a gradient of 1e-8 to zero; a scaled loss keeps it."""

# --8<-- [start:underflow]
import numpy as np
import tensorflow as tf


def gradient(dtype, loss_scale=1.0):
    weight = tf.constant(1.0, dtype)
    with tf.GradientTape() as tape:
        tape.watch(weight)
        h = weight * tf.constant(1e-4, dtype)  # Two small Jacobians in a row.
        loss = h * tf.constant(1e-4, dtype) * tf.constant(loss_scale, dtype)
    # Divide in float32: dividing in float16 would lose the value again.
    return float(tf.cast(tape.gradient(loss, weight), tf.float32) / loss_scale)


smallest = float(np.nextafter(np.float16(0), np.float16(1)))
half, scaled = gradient(tf.float16), gradient(tf.float16, loss_scale=1024.0)
brain = gradient(tf.bfloat16)
print(f"smallest positive float16:      {smallest:.2e}")
print(f"float16, no loss scale:         {half:.2e}")
print(f"float16, loss scale 1024:       {scaled:.2e}")
print(f"bfloat16, no loss scale:        {brain:.2e}")
assert smallest == 2.0**-24 and half == 0.0
assert abs(scaled / 1e-8 - 1) < 0.01 and abs(brain / 1e-8 - 1) < 0.01
# --8<-- [end:underflow]

# --8<-- [start:overflow]
weight = tf.Variable(1.0)
inner = tf.keras.optimizers.SGD(1.0, global_clipnorm=1.0)
optimizer = tf.keras.optimizers.LossScaleOptimizer(inner, initial_scale=1024.0)
optimizer.build([weight])


def report(event):
    state = float(weight), float(optimizer.dynamic_scale)
    print(f"{event:20s} weight {state[0]:.2f}, loss scale {state[1]:.0f}")
    return state


optimizer.apply([tf.constant(np.inf)], [weight])
overflow = report("infinite gradient")
optimizer.apply([tf.constant(0.25 * overflow[1])], [weight])
ordinary = report("true gradient 0.25")
assert overflow == (1.0, 512.0)  # The step is skipped and the scale halved.
assert ordinary == (0.75, 512.0)  # Unscaled first, so clipping at 1 does nothing.
# --8<-- [end:overflow]
