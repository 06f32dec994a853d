# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Rotated values, the other layout and bfloat16 angles each break RoPE silently."""

# --8<-- [start:rotate]
import numpy as np
import tensorflow as tf

WIDTH, TIME = 64, 16
theta = 10000.0 ** (-np.arange(0, WIDTH, 2) / WIDTH)  # (pairs,)
tf.keras.utils.set_random_seed(0)


def rotate(x, positions, pairs):
    angle = tf.constant(np.asarray(positions)[:, None] * theta)  # (time, pairs)
    first, second = (tf.gather(x, part, axis=-1) for part in pairs)
    turned = [
        first * tf.cos(angle) - second * tf.sin(angle),
        first * tf.sin(angle) + second * tf.cos(angle),
    ]
    places = np.argsort(np.concatenate(pairs))  # Back to where they came from.
    return tf.gather(tf.concat(turned, axis=-1), places, axis=-1)


adjacent = np.arange(WIDTH).reshape(-1, 2).T  # (0, 1), (2, 3), …
halves = np.arange(WIDTH).reshape(2, -1)  # (0, 32), (1, 33), …
# --8<-- [end:rotate]

# --8<-- [start:values]
q, k, v = tf.unstack(tf.random.normal((3, TIME, WIDTH), dtype="float64"))


def attend(start, turn_values=False, turn_back=False):
    positions = start + np.arange(TIME)
    turned_q, turned_k = (rotate(x, positions, adjacent) for x in (q, k))
    scores = tf.matmul(turned_q, turned_k, transpose_b=True) / WIDTH**0.5
    values = rotate(v, positions, adjacent) if turn_values else v
    output = tf.nn.softmax(scores) @ values  # (time, width)
    return rotate(output, -positions, adjacent) if turn_back else output


changes = []
for options in ((False, False), (True, False), (True, True)):
    difference = attend(0, *options) - attend(1000, *options)
    changes.append(float(tf.reduce_max(tf.abs(difference))))
    print(f"values rotated, output turned back: {options}, change {changes[-1]:.0e}")
assert changes[0] < 1e-9 and changes[1] > 0.1 and changes[2] < 1e-9
cached = rotate(k, 1000 + np.arange(TIME), adjacent)  # Stored after rotation.
again = rotate(cached, np.full(TIME, -100), adjacent)  # Turned on by the difference.
turned_on = float(tf.reduce_max(tf.abs(again - rotate(k, 900 + np.arange(TIME), adjacent))))
print(f"stored keys moved back by 100: off by {turned_on:.0e}")
assert turned_on < 1e-9
# --8<-- [end:values]

# --8<-- [start:layout]
hidden, width_in = 96, np.sqrt(96)
x = tf.random.normal((TIME, hidden), dtype="float64")
w_q, w_k = tf.unstack(tf.random.normal((2, hidden, WIDTH), dtype="float64") / width_in)
positions = np.arange(TIME)


def scores(w_q, w_k, pairs):
    turned_q, turned_k = (rotate(x @ w, positions, pairs) for w in (w_q, w_k))
    return tf.matmul(turned_q, turned_k, transpose_b=True)  # (time, time)


trained = scores(w_q, w_k, adjacent)
careless = scores(w_q, w_k, halves)
order = np.r_[0:WIDTH:2, 1:WIDTH:2]  # Even columns first, then odd ones.
converted = scores(*(tf.gather(w, order, axis=1) for w in (w_q, w_k)), halves)
wrong = float(tf.norm(careless - trained) / tf.norm(trained))
right = float(tf.norm(converted - trained) / tf.norm(trained))
print(f"same weights, other layout: error {wrong:.0%}")
print(f"columns reordered as well:  error {right:.0e}")
assert wrong > 0.5 and right < 1e-12
# --8<-- [end:layout]

# --8<-- [start:precision]
positions = tf.range(4096)
stored = tf.cast(positions, tf.bfloat16)
different = len(np.unique(stored.numpy().astype("float32")))
first_lost = int(np.argmax(stored.numpy().astype("int32") != positions.numpy()))
exact = positions.numpy()[:, None] * theta  # (time, pairs), float64
error = {}
for name, dtype in (("float32", tf.float32), ("bfloat16", tf.bfloat16)):
    angle = tf.cast(positions, dtype)[:, None] * tf.cast(theta, dtype)
    cosine = tf.cos(tf.cast(angle, tf.float64)).numpy()
    gap = np.abs(cosine - np.cos(exact)).max(axis=1)  # (time,)
    error[name], early = float(gap.max()), float(gap[:64].max())
    print(f"angles in {name:8s}: cosine wrong by {early:.0e}", end=" ")
    print(f"in 64 positions, {error[name]:.0e} in 4096")
print(f"4096 positions become {different}; the first one lost is {first_lost}")
assert first_lost == 257 and error["bfloat16"] > 1.9 and error["float32"] < 1e-3
assert early > 0.05  # bfloat16 came last: wrong from the start, if less so.
# --8<-- [end:precision]
