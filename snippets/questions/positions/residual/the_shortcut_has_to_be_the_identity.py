# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0"]
# ///
"""A factor on the shortcut is raised to the power of the depth; only strong branches make up for it."""

# --8<-- [start:factor]
import tensorflow as tf

BLOCKS, WIDTH = 60, 64


def ratio(factor, branch, seed):  # Gradient at the first block over that at the last.
    tf.keras.utils.set_random_seed(seed)
    h, states = tf.random.normal((32, WIDTH)), []  # (batch, width)
    with tf.GradientTape() as tape:
        for _ in range(BLOCKS):
            w = tf.random.normal((WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5
            v = tf.random.normal((WIDTH, WIDTH)) / WIDTH**0.5
            tape.watch(h)
            states.append(h)
            h = factor * h + branch * tf.nn.relu(h @ w) @ v
        loss = tf.reduce_sum(h * tf.random.normal(h.shape))
    gradients = tape.gradient(loss, states)
    return float(tf.norm(gradients[0]) / tf.norm(gradients[-1]))


# --8<-- [end:factor]

# --8<-- [start:compare]
weak, strong = (0.9, 0.1), (0.9, 0.19**0.5)  # 0.81 + 0.19 = 1
first = {}
print("shortcut  branch   gradient at the first block over the last   expected   shortcut alone")
for factor, branch in ((1.0, 0.1), weak, (0.5, 0.1), strong):
    first[factor, branch] = [ratio(factor, branch, seed) for seed in range(3)]
    expected = (factor**2 + branch**2) ** (59 / 2)  # The two variances add up.
    cells = " ".join(f"{r:.1e}" for r in first[factor, branch])
    print(f"{factor:.1f}       {branch:.2f}     {cells}", end="")
    print(f"                   {expected:.1e}    {factor**59:.1e}")
    for measured in first[factor, branch]:
        assert 0.6 < measured / expected < 1.7
assert max(first[weak]) < 0.01 and min(first[strong]) > 0.5
# --8<-- [end:compare]
