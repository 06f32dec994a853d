# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Two stages with micro-batches give the gradient of the whole batch."""

# --8<-- [start:stages]
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)

random = np.random.default_rng(0)
examples, model = 64, 32
x = random.normal(size=(examples, model))
y = random.normal(size=(examples, 1))
with tf.device("CPU:0"):  # Stage 0 holds only its own layer.
    w0 = tf.Variable(random.normal(size=(model, 48)) / 6)
with tf.device("CPU:1"):
    w1 = tf.Variable(random.normal(size=(48, 1)) / 7)
# --8<-- [end:stages]

# --8<-- [start:pipeline]
crossed = []  # What goes over the link between the stages.


def send(tensor, device):
    crossed.append(tuple(tensor.shape))
    with tf.device(device):
        return tf.identity(tensor)


def micro_batch(x, y):
    with tf.device("CPU:0"), tf.GradientTape() as tape0:
        h = tf.nn.relu(x @ w0)  # (rows, 48)
    h_here = send(h, "CPU:1")
    with tf.device("CPU:1"), tf.GradientTape() as tape1:
        tape1.watch(h_here)
        loss = tf.reduce_sum((h_here @ w1 - y) ** 2) / examples  # (1)!
        w1_slope, h_slope = tape1.gradient(loss, [w1, h_here])
    h_slope = send(h_slope, "CPU:0")
    with tf.device("CPU:0"):
        w0_slope = tape0.gradient(h, w0, output_gradients=h_slope)
    return w0_slope, w1_slope, w0_slope.device[-5:], w1_slope.device[-5:]


# --8<-- [end:pipeline]

# --8<-- [start:compare]
with tf.GradientTape() as tape:
    loss = tf.reduce_mean((tf.nn.relu(x @ w0) @ w1 - y) ** 2)
expected = [g.numpy() for g in tape.gradient(loss, [w0, w1])]
for count in (1, 4, 16):
    crossed.clear()
    total0 = total1 = 0
    for part in np.split(np.arange(examples), count):
        slope0, slope1, device0, device1 = micro_batch(x[part], y[part])
        total0, total1 = total0 + slope0.numpy(), total1 + slope1.numpy()
    pairs = zip((total0, total1), expected, strict=True)
    error = max(abs(total - e).max() for total, e in pairs)
    sent = sum(rows * columns for rows, columns in crossed)
    print(f"{count:2d} micro-batches: gradient equal", bool(error < 1e-12))
    print(f"   {len(crossed)} messages, {sent} numbers over the link")
    assert error < 1e-12 and sent == 2 * examples * 48
print("gradients computed on", device0, "and", device1)
assert (device0, device1) == ("CPU:0", "CPU:1")
# --8<-- [end:compare]
