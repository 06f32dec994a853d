# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Along the cell an LSTM cannot explode; through the candidate it can, and small weights vanish."""

# --8<-- [start:cell]
import numpy as np
import tensorflow as tf

TIME = 50


def create(units, recurrent):  # Forget gate at 1/2: every bias is 0.
    cell = tf.keras.layers.LSTMCell(units, unit_forget_bias=False)
    cell.build((None, 4))
    cell.recurrent_kernel.assign(recurrent)  # (units, 4 × units): i, f, candidate, o
    return cell


def gradient(cell, inputs):  # Largest singular value of d c[50] / d c[0].
    start = tf.zeros((cell.units, cell.units))  # One row for each row of the Jacobian.
    with tf.GradientTape() as tape:
        tape.watch(start)
        h, c = 0.5 * tf.tanh(start), start
        for x in inputs:
            _, (h, c) = cell(tf.repeat(x[None], cell.units, axis=0), [h, c])
    rows = tape.gradient(c, start, output_gradients=tf.eye(cell.units))
    return np.linalg.norm(rows.numpy(), ord=2)


# --8<-- [end:cell]

# --8<-- [start:exact]
silence = tf.zeros((TIME, 4))
print(f"along the cell alone: (1/2) to the power of 50 = {0.5**TIME:.1e}")
print("weight u of the candidate   whole LSTM   (1/2 + u/4) to the power of 50")
whole, theory = {}, {}
for u in (0.0, 2.0, 4.0, 8.0):
    whole[u] = gradient(create(1, [[0.1, 0.1, u, 0.1]]), silence)
    theory[u] = (0.5 + u / 4) ** TIME
    print(f"{u:.0f}                           {whole[u]:.1e}      {theory[u]:.1e}")
    assert abs(whole[u] / theory[u] - 1) < 1e-3
assert whole[8.0] > 1e18
# --8<-- [end:exact]

# --8<-- [start:typical]
print("16 units, random inputs, recurrent weights × s, three seeds")
norms = {}
for s in (1, 16):
    norms[s], cells = [], []
    for seed in range(3):
        tf.keras.utils.set_random_seed(seed)
        recurrent = s * tf.keras.initializers.Orthogonal()((16, 64))  # s = 1: Keras's default
        cells.append(create(16, recurrent))
        norms[s].append(gradient(cells[-1], tf.random.normal((TIME, 4))))
    print(f"s = {s:<2}", *(f"{norm:.0e}" for norm in norms[s]))
# Small weights do not explode: they vanish.
assert max(norms[1]) < 1e-6 and min(norms[16]) > 1e2
# --8<-- [end:typical]

# --8<-- [start:rest]
rest = [gradient(cell, silence) for cell in cells]  # s = 16, no input
print("s = 16 at rest", *(f"{norm:.0e}" for norm in rest))
for cell, norm in zip(cells, rest, strict=True):
    candidate = cell.recurrent_kernel.numpy()[:, 32:48]
    power = np.linalg.matrix_power(np.eye(16) / 2 + candidate / 4, TIME)
    assert abs(norm / np.linalg.norm(power, ord=2) - 1) < 1e-2
assert min(rest) > 1e6 * max(norms[16])
# --8<-- [end:rest]
