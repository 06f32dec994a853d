# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""The CNN multiplies about eight times as often as the SVM for each image."""

# --8<-- [start:count]
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

conv = {"padding": "same", "activation": "relu"}
model = tf.keras.Sequential(
    [
        tf.keras.Input((8, 8, 1)),
        tf.keras.layers.Conv2D(32, 3, **conv),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Conv2D(64, 3, **conv),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(10),
    ]
)
parameters, by_layer = 0, []
for layer in model.layers:
    if not layer.weights:
        continue  # Pooling and flattening neither store nor multiply.
    kernel = layer.weights[0].shape  # (3, 3, in, out) or (in, out)
    places = int(np.prod(layer.output.shape[1:-1]))  # Pixels, or 1.
    multiplications = places * int(np.prod(kernel))
    by_layer.append(multiplications)
    stored = int(np.prod(kernel)) + kernel[-1]  # One bias an output.
    parameters += stored
    sizes = f"{stored:6} parameters, {multiplications:7}"
    print(f"{layer.__class__.__name__:7}{sizes} multiply-adds")
total = sum(by_layer)
print(f"all    {parameters:6} parameters, {total:7} multiply-adds")
assert parameters == model.count_params()
# --8<-- [end:count]

# --8<-- [start:profile]
shape = tf.TensorSpec((1, 8, 8, 1), tf.float32)
graph = tf.function(model).get_concrete_function(shape).graph
options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
options["output"] = "none"
root = tf.compat.v1.profiler.profile(graph, cmd="op", options=options)
found, nodes = {}, [root]
while nodes:
    node = nodes.pop()
    found[node.name] = node.float_ops
    nodes += node.children
by_tensorflow = found["Conv2D"] + found["MatMul"]
print("TensorFlow counts", by_tensorflow, "operations, two for each pair")
assert by_tensorflow == 2 * total
# --8<-- [end:profile]

# --8<-- [start:svm]
digits = load_digits()
fit_x, _, fit_y, _ = train_test_split(
    digits.data / 16,
    digits.target,
    test_size=450,
    stratify=digits.target,
    random_state=0,
)
svm = SVC(C=10, gamma=0.1).fit(fit_x, fit_y)
vectors = len(svm.support_vectors_)
svm_total = vectors * (64 + 9)  # Distances, then nine weights a vector.
ratio = total / svm_total
print(f"SVM: {vectors} support vectors, {svm_total} multiply-adds")
print(f"to read an image, the CNN does {ratio:.0f} times as many")
images, epochs = len(fit_x), 30
to_train = 3 * epochs * images * total  # Backwards costs two more passes.
kernel_matrix = images * (images - 1) // 2 * 64  # Each pair of training images, once.
print(f"to train: CNN {to_train / 1e9:.0f} billion")
print(f"all distances the SVM could need: {kernel_matrix / 1e9:.2f} billion")
assert 5 < ratio < 12 and to_train > 100 * kernel_matrix
# --8<-- [end:svm]
