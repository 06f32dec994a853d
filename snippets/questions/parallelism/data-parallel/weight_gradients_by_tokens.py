# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Shard gradients average to the full-batch gradient for equal token counts."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
features, classes, time, sequences = 8, 5, 12, 16
x = random.normal(size=(sequences, time, features))
y = random.integers(0, classes, (sequences, time))
full_length = np.full(sequences, time)
mixed_length = random.permutation([*range(1, 13), 12, 12, 12, 12])
w = tf.Variable(random.normal(size=(features, classes)))
# --8<-- [end:data]


# --8<-- [start:gradient]
def gradient(rows, lengths, token_count):
    real = np.arange(time) < lengths[rows, None]  # (rows, time)
    tokens, labels = x[rows][real], y[rows][real]  # Padding is left out.
    assert len(labels) == lengths[rows].sum()
    with tf.GradientTape() as tape:
        logits = tokens @ w  # (tokens, classes)
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_sum(loss) / token_count  # (1)!
    return tape.gradient(loss, w).numpy()


# --8<-- [end:gradient]


# --8<-- [start:compare]
def errors(shards, lengths):
    everything = np.concatenate(shards)
    total = lengths[everything].sum()
    full = gradient(everything, lengths, total)
    local = [gradient(s, lengths, lengths[s].sum()) for s in shards]
    shares = [gradient(s, lengths, total) for s in shards]
    scale = np.linalg.norm(full)
    mean_of_means = np.linalg.norm(np.mean(local, axis=0) - full) / scale
    global_count = np.linalg.norm(np.sum(shares, axis=0) - full) / scale
    return mean_of_means, global_count


# --8<-- [end:compare]

# --8<-- [start:run]
four = np.split(np.arange(sequences), 4)
cases = {
    "equal shards": (four, full_length),
    "last shard has 1 sequence": ([*four[:3], four[3][:1]], full_length),
    "equal shards, mixed lengths": (four, mixed_length),
}
table = {name: errors(*case) for name, case in cases.items()}
print("relative error of the gradient   mean of means   global count")
for name, (mean_of_means, global_count) in table.items():
    print(f"{name:30s} {mean_of_means:13.1%} {global_count:14.1%}")
assert table["equal shards"][0] < 1e-12
assert all(row[0] > 0.05 for row in list(table.values())[1:])
assert all(row[1] < 1e-12 for row in table.values())
# --8<-- [end:run]
