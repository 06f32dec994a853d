# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "scikit-learn"]
# ///
"""A CNN and an SVM pass seven tests; eleven wrong solutions do not."""

# --8<-- [start:data]
import numpy as np
import tensorflow as tf
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

tf.config.threading.set_intra_op_parallelism_threads(1)  # (1)!
digits = load_digits()


def split(images, labels):
    rest_x, test_x, rest_y, test_y = train_test_split(
        images, labels, test_size=450, stratify=labels, random_state=0
    )
    train_x, val_x, train_y, val_y = train_test_split(
        rest_x, rest_y, test_size=270, stratify=rest_y, random_state=0
    )
    return (train_x, train_y), (val_x, val_y), (test_x, test_y)


# --8<-- [end:data]


# --8<-- [start:network]
def build(channel=True):
    conv = {"padding": "same", "activation": "relu"}
    axis = [tf.keras.layers.Reshape((8, 8, 1))] if channel else []
    return tf.keras.Sequential(
        [
            tf.keras.Input((8, 8)),
            tf.keras.layers.Rescaling(1 / 16),  # 0..16 becomes 0..1
            *axis,  # (batch, 8, 8, 1), one channel
            tf.keras.layers.Conv2D(32, 3, **conv),  # (batch, 8, 8, 32)
            tf.keras.layers.MaxPooling2D(2),  # (batch, 4, 4, 32)
            tf.keras.layers.Conv2D(64, 3, **conv),  # (batch, 4, 4, 64)
            tf.keras.layers.MaxPooling2D(2),  # (batch, 2, 2, 64)
            tf.keras.layers.Flatten(),  # (batch, 256)
            tf.keras.layers.Dropout(0.5),
            tf.keras.layers.Dense(10),  # (batch, 10), logits
        ]
    )


# --8<-- [end:network]


# --8<-- [start:train]
def fit(model, images, labels, epochs=30, batch=32, from_logits=True):
    steps = epochs * len(images) // batch
    falling = tf.keras.optimizers.schedules.CosineDecay(5e-3, steps)
    adam = tf.keras.optimizers.Adam(falling)
    adam.build(model.trainable_variables)
    cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(
        from_logits=from_logits,
    )
    x, y = tf.constant(images, tf.float32), tf.constant(labels)

    @tf.function  # One call for all steps: Python does not wait for each.
    def run(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                answers = model(tf.gather(x, rows), training=True)
                loss = cross_entropy(tf.gather(y, rows), answers)
            adam.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(images)) for _ in range(epochs)]
    run(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))


def reader(model):
    """Dropout is off, and the softmax turns logits into probabilities."""
    return lambda x: tf.nn.softmax(model(x, training=False)).numpy()


def train(images, labels, seed, epochs=30):
    tf.keras.utils.set_random_seed(seed)
    model = build()
    fit(model, images, labels, epochs)
    return reader(model)


# --8<-- [end:train]


# --8<-- [start:cheap-tests]
def test_no_image_is_in_two_parts(parts, predict, train):
    keys = [{image.tobytes() for image in x} for x, _ in parts]
    a, b, c = keys
    shared = len(a & b) + len(a & c) + len(b & c)
    assert shared == 0, f"{shared} images are in two parts"
    assert len(a | b | c) == 1797, "images are missing"


def test_the_parts_are_those_asked_for(parts, predict, train):
    sizes = [len(y) for _, y in parts]
    assert sizes == [1077, 270, 450], f"sizes {sizes}"
    shares = np.bincount(digits.target) / 1797
    uneven = [np.bincount(y, minlength=10) - len(y) * shares for _, y in parts]
    worst = np.abs(uneven).max()
    assert worst < 2, f"not stratified: {worst:.0f} images off for one digit"


def test_rows_are_probabilities(parts, predict, train):
    p = predict(parts[2][0][:50])
    assert p.shape == (50, 10), f"shape {p.shape}"
    assert np.isfinite(p).all() and p.min() >= 0, "negative or not finite"
    worst = np.abs(p.sum(axis=1) - 1).max()
    assert worst < 1e-5, "rows do not sum to one"


def test_an_image_is_read_alike_alone_and_in_company(parts, predict, train):
    x = parts[2][0][:50]
    gap = np.abs(predict(x[:1]) - predict(x)[:1]).max()
    assert gap < 1e-4, "the answer depends on the rest of the batch"


# --8<-- [end:cheap-tests]


# --8<-- [start:score-tests]
def score(predict, x, y):
    p = predict(x)
    truth = p[np.arange(len(y)), y]  # What it gave to the truth.
    return np.mean(p.argmax(1) == y), -np.log(np.maximum(truth, 1e-9)).mean()


def test_cross_entropy_is_at_most_02(parts, predict, train):
    _, loss = score(predict, *parts[2])
    assert loss <= 0.2, f"cross-entropy {loss:.1f}"


def test_permuted_labels_leave_only_chance(parts, predict, train):
    x, y = parts[1]
    permuted = np.random.default_rng(0).permutation(y)
    fooled = train(x, permuted, seed=0)
    accuracy, _ = score(fooled, *parts[2])
    assert accuracy < 0.25, f"accuracy {accuracy:.2f}, labels were noise"


def test_three_seeds_meet_the_requirement(parts, predict, train):
    rest = [train(*to_fit(parts), seed=seed) for seed in (1, 2)]
    scores = [score(each, *parts[2]) for each in (predict, *rest)]
    accuracy, loss = np.mean(scores, axis=0)
    means = f"mean accuracy {accuracy:.4f}, cross-entropy {loss:.2f}"
    assert accuracy >= 0.985 and loss <= 0.2, means
    return accuracy, loss


# --8<-- [end:score-tests]

# --8<-- [start:alone]
TESTS = [
    test_no_image_is_in_two_parts,
    test_the_parts_are_those_asked_for,
    test_rows_are_probabilities,
    test_an_image_is_read_alike_alone_and_in_company,
    test_cross_entropy_is_at_most_02,
    test_permuted_labels_leave_only_chance,
    test_three_seeds_meet_the_requirement,
]
parts = split(digits.images, digits.target)
for test in TESTS[:4]:  # They do not ask how well it reads.
    test(parts, reader(build()), train)
print("an untrained network passes the first 4 tests")
# --8<-- [end:alone]


# --8<-- [start:caught]
def to_fit(parts):
    """Training and validation part: the choice is made."""
    return [np.concatenate(both) for both in zip(*parts[:2], strict=True)]


def first_failure(split, train):
    """Name and message of the first test that fails, or None."""
    parts, again = (split(digits.images, digits.target) for _ in range(2))
    if not np.array_equal(parts[2][0], again[2][0]):
        return "split", "a second call gives another test part"
    try:
        predict = train(*to_fit(parts), seed=0)
    except ValueError as error:
        return "train", str(error).split(". Full")[0].split(": ")[-1]
    for test in TESTS:
        try:
            test(parts, predict, train)
        except AssertionError as error:
            return test.__name__, str(error)
    return None


def catch(name, split, train):
    failure = first_failure(split, train)
    assert failure, f"{name} passes every test"
    test_name, message = failure
    print(f"{name}\n  {test_name}\n  {message}")


def train_looks_labels_up(images, labels, seed):
    """Finds the image in the whole data set, the test part included."""
    keys = [image.tobytes() for image in digits.images]
    known = dict(zip(keys, digits.target, strict=True))
    return lambda x: np.eye(10)[[known[image.tobytes()] for image in x]]


catch("looks the labels up", split, train_looks_labels_up)
# --8<-- [end:caught]


# --8<-- [start:run]
def train_an_svm(images, labels, seed):
    svm = CalibratedClassifierCV(SVC(C=10, gamma=0.1), ensemble=False)
    svm.fit(images.reshape(-1, 64) / 16, labels)
    return lambda x: svm.predict_proba(x.reshape(-1, 64) / 16)


means = {}
for name, right in (("SVM", train_an_svm), ("CNN", train)):
    predict = right(*to_fit(parts), seed=0)
    for test in TESTS:
        means[name] = test(parts, predict, right)  # The last returns means.
    print(f"{name} passes: mean accuracy {means[name][0]:.4f}, ", end="")
    print(f"mean cross-entropy {means[name][1]:.2f}")
# --8<-- [end:run]


# --8<-- [start:data-mutants]
def split_tests_on_training_images(images, labels):
    training, validation, _ = split(images, labels)
    return training, validation, tuple(part[:450] for part in training)


def split_without_a_seed(images, labels):
    x, test_x, y, test_y = train_test_split(images, labels, test_size=450, stratify=labels)
    train_x, val_x, train_y, val_y = train_test_split(x, y, test_size=270, stratify=y)
    return [(train_x, train_y), (val_x, val_y), (test_x, test_y)]


def split_without_strata(images, labels):
    order = np.random.default_rng(0).permutation(len(labels))
    return tuple((images[i], labels[i]) for i in np.split(order, [1077, 1347]))


def train_shuffles_images_alone(images, labels, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    return train(images[order], labels, seed, 10)  # The labels stay put.


# --8<-- [end:data-mutants]


# --8<-- [start:model-mutants]
def train_with(channel=True, from_logits=True):
    def train(images, labels, seed):
        tf.keras.utils.set_random_seed(seed)
        model = build(channel)
        fit(model, images, labels, epochs=5, from_logits=from_logits)
        return reader(model)

    return train


tf.keras.utils.set_random_seed(0)
network = build()  # The right network, trained; it can still be misread.
fit(network, *to_fit(parts))


def read_by(read, training=False):
    def train(images, labels, seed):
        return lambda x: read(network(x, training=training)).numpy()

    return train


trained = read_by(tf.nn.softmax)  # As it should be.


def softmax_twice(logits):
    return tf.nn.softmax(tf.nn.softmax(logits))


def train_without_convolution(images, labels, seed):
    tf.keras.utils.set_random_seed(seed)
    layers = [tf.keras.Input((8, 8)), tf.keras.layers.Rescaling(1 / 16)]
    layers += [tf.keras.layers.Flatten()]
    layers += [tf.keras.layers.Dense(256, "relu"), tf.keras.layers.Dense(10)]
    model = tf.keras.Sequential(layers)
    fit(model, images, labels)
    return reader(model)


# --8<-- [end:model-mutants]

# --8<-- [start:catch]
for name, *wrong in [
    ("tests on training images", split_tests_on_training_images, trained),
    ("splits without a seed", split_without_a_seed, trained),
    ("does not stratify", split_without_strata, trained),
    ("shuffles images alone", split, train_shuffles_images_alone),
    ("forgets the channel axis", split, train_with(channel=False)),
    ("loss expects probabilities", split, train_with(from_logits=False)),
    ("returns logits", split, read_by(tf.identity)),
    ("leaves dropout on", split, read_by(tf.nn.softmax, training=True)),
    ("applies softmax twice", split, read_by(softmax_twice)),
    ("256 dense units", split, train_without_convolution),
]:
    catch(name, *wrong)
# --8<-- [end:catch]


# --8<-- [start:accuracy]
def accuracy_alone(split, train):
    parts = split(digits.images, digits.target)
    return score(train(*to_fit(parts), seed=0), *parts[2])[0]


for name, *wrong in [
    ("looks the labels up", split, train_looks_labels_up),
    ("tests on training images", split_tests_on_training_images, trained),
    ("returns logits", split, read_by(tf.identity)),
    ("applies softmax twice", split, read_by(softmax_twice)),
]:
    accuracy = accuracy_alone(*wrong)
    print(f"{name}: accuracy {accuracy:.3f}")
    assert accuracy >= 0.985, name
# --8<-- [end:accuracy]


# --8<-- [start:unseen]
def train_chooses_on_the_test_part(images, labels, seed):
    x, y = parts[2]
    inputs, test_inputs = (part.reshape(-1, 64) / 16 for part in (images, x))
    svms = [SVC(C=10, gamma=gamma).fit(inputs, labels) for gamma in (0.05, 0.1, 0.2)]
    best = max(svms, key=lambda svm: svm.score(test_inputs, y))
    best = CalibratedClassifierCV(best, ensemble=False).fit(inputs, labels)
    return lambda x: best.predict_proba(x.reshape(-1, 64) / 16)


assert first_failure(split, train_chooses_on_the_test_part) is None
print("gamma chosen on the test part: passes every test")
# --8<-- [end:unseen]
