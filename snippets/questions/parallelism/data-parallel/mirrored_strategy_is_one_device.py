# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""MirroredStrategy on two logical CPUs trains like one device."""

# --8<-- [start:devices]
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)  # (1)!
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

tf.keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
x = random.normal(size=(64, 20)).astype("float32")
y = random.integers(0, 3, 64)
CrossEntropy = tf.keras.losses.SparseCategoricalCrossentropy
entropy = CrossEntropy(from_logits=True, reduction="none")
# --8<-- [end:devices]


# --8<-- [start:models]
def network():
    return tf.keras.Sequential(
        [
            tf.keras.Input((20,)),
            tf.keras.layers.Dense(32, activation="relu"),
            tf.keras.layers.Dense(3),
        ]
    )


single = network()
with strategy.scope():
    mirrored = network()
mirrored.set_weights(single.get_weights())
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(entropy(y, single(x)))
expected = tape.gradient(loss, single.trainable_variables)
# --8<-- [end:models]


# --8<-- [start:gradients]
@tf.function
def distributed_gradients(batch, divisor):
    def on_replica(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(entropy(y, mirrored(x))) / divisor
        local = tape.gradient(loss, mirrored.trainable_variables)
        context = tf.distribute.get_replica_context()
        return context.all_reduce("sum", local), tf.shape(x)[0]

    return strategy.run(on_replica, batch)


dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(64)
batch = next(iter(strategy.experimental_distribute_dataset(dataset)))
summed, sizes = distributed_gradients(batch, 64.0)
sizes = [int(size) for size in strategy.experimental_local_results(sizes)]
# --8<-- [end:gradients]

# --8<-- [start:compare]
copies = [strategy.experimental_local_results(g) for g in summed]
error = max(
    np.abs(on_device - e).max()
    for on_devices, e in zip(copies, expected, strict=True)
    for on_device in on_devices
)
doubled, _ = distributed_gradients(batch, 32.0)
first = strategy.experimental_local_results(doubled[0])[0]
ratio = float(tf.norm(first) / tf.norm(expected[0]))
print("replicas:", strategy.num_replicas_in_sync, " examples on each:", sizes)
print("gradient equals one device's, to 1e-6:", bool(error < 1e-6))
print(f"dividing by the replica's 32 instead of 64: gradient x {ratio:.3f}")
assert sizes == [32, 32] and error < 1e-6 and abs(ratio - 2) < 1e-3
# --8<-- [end:compare]

# --8<-- [start:fit]
for model in (single, mirrored):
    model.compile(
        optimizer=tf.keras.optimizers.SGD(0.1),
        loss=CrossEntropy(from_logits=True),
    )
    model.fit(x, y, batch_size=64, epochs=5, shuffle=False, verbose=0)
pairs = zip(single.get_weights(), mirrored.get_weights(), strict=True)
drift = max(np.abs(a - b).max() for a, b in pairs)
print("model.fit, 5 steps: same weights to 1e-6:", bool(drift < 1e-6))
assert drift < 1e-6
try:
    tf.config.set_logical_device_configuration(cpu, halves * 2)
except RuntimeError as problem:
    print("four devices, asked for too late:", problem)
else:
    raise AssertionError("TensorFlow added devices after starting")
# --8<-- [end:fit]
