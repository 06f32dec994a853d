# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy==2.4.6", "matplotlib"]
# ///
"""With tokens of their own, decimals follow the training data; the cut sets how much is needed."""

# --8<-- [start:splits]
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

patterns = {
    "GPT-2: all digits, then merges": r"\d+|\D",
    "cl100k, Llama 3: up to three": r"\d{1,3}|\D",
    "Qwen: one digit": r"\d|\D",
}
splits = {}
for name, pattern in patterns.items():
    splits[name] = [re.findall(pattern, s) for s in ("9.11", "9.9", "1234567")]
    print(f"{name:31s}", *("|".join(parts) for parts in splits[name]), sep="   ")
# --8<-- [end:splits]

# --8<-- [start:corpus]
# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
text = "\n\n".join(dict.fromkeys(paragraphs))  # each once
found = list(re.finditer(r"(?<![\w.])\d\.\d{1,2}(?!\d|\.\d)", text))
before = [text[max(0, m.start() - 25) : m.start()].lower() for m in found]
versions = sum(any(w in b for w in ("version", "python", "numpy")) for b in before)
print(f"NumPy's documentation has {len(found)} strings like 9.11; {versions} are versions")
assert 0.25 < versions / len(found) < 0.75  # Neither kind is rare.
# --8<-- [end:corpus]

# --8<-- [start:numbers]
fractions = [str(f) for f in range(1, 100) if f < 10 or f % 10]  # no ties like .1, .10
numbers = [(whole, f) for whole in range(10) for f in fractions]
order = {
    "decimal": np.array([w + int(f) / 10 ** len(f) for w, f in numbers]),
    "version": np.array([100 * w + int(f) for w, f in numbers]),
}
EMPTY = 0
tokens = {  # three places for each number: (numbers, 3)
    "digits": [[1 + w, 1 + int(f[0]), 1 + int(f[1]) if f[1:] else 0] for w, f in numbers],
    "chunks": [[1 + w, 11 + fractions.index(f), EMPTY] for w, f in numbers],
}
big, small = numbers.index((9, "11")), numbers.index((9, "9"))
for name, value in order.items():
    print(f"{name}: 9.11 > 9.9 is {value[big] > value[small]}")
for name, ids in tokens.items():
    print(f"{name}: 9.11 → {ids[big]}, 9.9 → {ids[small]}")
by_decimal, by_version = (value[:, None] > value for value in order.values())
agree = np.mean(by_decimal == by_version)
print(f"the two orders agree on {agree:.1%} of all pairs")
assert agree > 0.98  # So an average over random pairs hides the difference.
# --8<-- [end:numbers]


# --8<-- [start:pairs]
def draw(count, rng):  # Seven pairs in ten share the whole part, as 9.11 and 9.9 do.
    x, y = rng.integers(0, len(numbers), (2, count))
    near = x // len(fractions) * len(fractions) + rng.integers(0, len(fractions), count)
    return np.stack([x, np.where(rng.random(count) < 0.7, near, y)])


rng = np.random.default_rng(0)
x, y = draw(8000, rng)
disputed = (order["decimal"][x] > order["decimal"][y]) != (
    order["version"][x] > order["version"][y]
)
test = np.stack([x, y])[:, disputed]  # (2, pairs): the two rules disagree
held_out = {*map(tuple, test.T.tolist()), (big, small), (small, big)}
x, y = draw(20_000, rng)
new = [p not in held_out and p[0] != p[1] for p in zip(x.tolist(), y.tolist(), strict=True)]
train = np.stack([x, y])[:, new]  # (2, pairs)
print(f"{test.shape[1]} disputed pairs to test on, none of them in training")
# --8<-- [end:pairs]

# --8<-- [start:runs]
SIZES, SEEDS, WIDTH = (300, 1000, 10_000), 3, 64
runs = [(n, t, r) for n in SIZES for t in tokens for r in order for _ in range(SEEDS)]
copies = len(runs)  # All the little networks train side by side.
ids = np.array([tokens[t] for _, t, _ in runs])  # (copies, numbers, 3)
values = np.array([order[r] for _, _, r in runs])  # (copies, numbers)


def create(*shape):
    return tf.Variable(tf.random.normal((copies, *shape)) * (2 / shape[0]) ** 0.5)


tf.keras.utils.set_random_seed(0)
embed = tf.Variable(tf.random.normal((copies, 11 + len(fractions), 16)))
layers = [create(6 * 16, WIDTH), create(WIDTH, WIDTH), create(WIDTH, 1)]
biases = [tf.Variable(tf.zeros((copies, 1, WIDTH))) for _ in range(2)]


# --8<-- [end:runs]


# --8<-- [start:model]
def forward(tokens):  # (copies, batch, 6) → (copies, batch)
    h = tf.gather(embed, tokens, axis=1, batch_dims=1)
    h = tf.reshape(h, (copies, -1, 6 * 16))
    for w, b in zip(layers, biases, strict=False):
        h = tf.nn.relu(h @ w + b)
    return (h @ layers[-1])[..., 0]


# --8<-- [end:model]

# --8<-- [start:learn]
STEPS = 800
variables = [embed, *layers, *biases]
adam = tf.keras.optimizers.Adam(tf.keras.optimizers.schedules.CosineDecay(5e-3, STEPS))
adam.build(variables)


@tf.function
def learn(tokens, larger):
    with tf.GradientTape() as tape:
        losses = tf.nn.sigmoid_cross_entropy_with_logits(larger, forward(tokens))
        loss = tf.reduce_sum(tf.reduce_mean(losses, axis=1))  # Copies do not interact.
    adam.apply(tape.gradient(loss, variables))


# --8<-- [end:learn]


# --8<-- [start:train]
def look_up(table, chosen):
    return np.take_along_axis(table, chosen, axis=1)


limit = np.array([[n] for n, _, _ in runs])
for _ in range(STEPS):
    picked = train[:, (rng.random((copies, 64)) * limit).astype(int)]
    left, right = picked  # (copies, 64) numbers of numbers
    pair = [look_up(ids, side[..., None]) for side in (left, right)]
    larger = look_up(values, left) > look_up(values, right)
    learn(tf.constant(np.concatenate(pair, axis=-1)), tf.constant(larger, tf.float32))
# --8<-- [end:train]

# --8<-- [start:table]
asked = np.concatenate([ids[:, test[0]], ids[:, test[1]]], axis=-1)
says_larger = forward(asked).numpy() > 0  # (copies, pairs)
as_decimal = says_larger == (order["decimal"][test[0]] > order["decimal"][test[1]])
share = as_decimal.mean(axis=1).reshape(len(SIZES), 2, 2, SEEDS)
print("share of disputed pairs answered as decimals (mean of three seeds)")
print("examples  digits, decimal  chunks, decimal  digits, version  chunks, version")
for n, row in zip(SIZES, share.mean(axis=-1), strict=True):
    print(f"{n:8d}", *(f"{row[t, r]:16.2f}" for r in (0, 1) for t in (0, 1)))
# --8<-- [end:table]

# --8<-- [start:claim]
decimal, version = share[:, :, 0], share[:, :, 1]  # (sizes, tokens, seeds) each
assert decimal[-1].min() > 0.9 and version[-1].max() < 0.1  # either token, three seeds
assert all(decimal[1, 0] > decimal[1, 1] + 0.05)  # With 1,000 examples digits lead.
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
for t, (name, style) in enumerate((("digits", "o-"), ("chunks", "s--"))):
    for r, (rule, color) in enumerate((("decimal", "C0"), ("version", "C1"))):
        label = f"{name}, trained on {rule}s"
        plt.semilogx(SIZES, share[:, t, r].mean(axis=1), style, color=color, label=label)
plt.xlabel("training examples")
plt.ylabel("answered as decimals (share)")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
