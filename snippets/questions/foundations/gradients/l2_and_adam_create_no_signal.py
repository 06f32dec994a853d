# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""L2 adds decay, Adam rescales; neither brings back a lost gradient."""

# --8<-- [start:l2]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.keras.utils.set_random_seed(0)
tf.keras.backend.set_floatx("float64")  # float32 rounds more than the logits vary.
images, labels = load_digits(return_X_y=True)
l2 = tf.keras.regularizers.L2(1e-4)
dense = tf.keras.layers.Dense
layers = [dense(64, "sigmoid", kernel_regularizer=l2) for _ in range(15)]
network = tf.keras.Sequential([*layers, dense(10)])
cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
with tf.GradientTape(persistent=True) as tape:
    logits = network(images[:128] / 16)  # (batch, classes)
    data_loss = cross_entropy(labels[:128], logits)
    total_loss = data_loss + tf.add_n(network.losses)
# --8<-- [end:l2]

# --8<-- [start:decay]
first = layers[0].kernel  # (64, 64)


def cosine(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


data_gradient = tape.gradient(data_loss, first).numpy()
total_gradient = tape.gradient(total_loss, first).numpy()
data_norm = np.linalg.norm(data_gradient)
total_norm = np.linalg.norm(total_gradient)
with_weights = cosine(total_gradient, first.numpy())
with_data = cosine(total_gradient, data_gradient)
spread = np.ptp(logits, axis=0).max()
print(f"largest range of a logit over 128 images {spread:.0e}")
print(f"layer 1: data gradient {data_norm:.0e}, with L2 {total_norm:.0e}")
print(f"cosine of the sum with the weights      {with_weights:.6f}")
print(f"cosine of the sum with the data gradient {with_data:+.2f}")
assert spread < 1e-8 and data_norm < 1e-6 * total_norm
assert with_weights > 0.999999 and abs(with_data) < 0.2
# --8<-- [end:decay]


# --8<-- [start:adam]
def walk(gradients, clip=None):  # How far Adam carries one weight.
    weight = tf.Variable(0.0)
    adam = tf.keras.optimizers.Adam(0.01, global_clipnorm=clip)
    adam.build([weight])

    @tf.function  # One call for all steps.
    def run(gradients):
        for g in gradients:
            adam.apply([-g])

    run(tf.constant(gradients))
    return float(weight)


moved = {size: walk([size] * 50) for size in (1.0, 1e-4, 1e-8, 1e-12)}
for size, distance in moved.items():
    print(f"gradient {size:.0e}: 50 steps move the weight by {distance:.1e}")
assert moved[1e-4] > 0.9 * moved[1.0]
assert moved[1e-8] < 0.1 * moved[1.0] and moved[1e-12] < 1e-5 * moved[1.0]
# --8<-- [end:adam]

# --8<-- [start:spike]
calm = [1.0] * 300
spike = [1.0] * 20 + [1e4] + [1.0] * 279
steady, hit, clipped = walk(calm), walk(spike), walk(spike, clip=1.0)
print(f"300 steps without a spike   {steady:.2f}")
print(f"one spike of 1e4            {hit:.2f}")
print(f"the same spike, clipped     {clipped:.2f}")
assert hit < 0.5 * steady
assert abs(clipped - steady) < 0.01 * steady
# --8<-- [end:spike]
