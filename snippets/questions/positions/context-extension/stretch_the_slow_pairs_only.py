# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy==2.4.6", "matplotlib"]
# ///
"""Past the trained length slow pairs meet new angles; interpolate those, keep the fast ones."""

# --8<-- [start:frequencies]
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf


def frequencies(method, scale, trained, width, base=10000.0, beta=32):
    """Radians per token of each pair, and the factor on q and on k."""
    pair = np.arange(0, width, 2)
    theta = base ** (-pair / width)  # (width / 2,)
    if method == "PI":
        return theta / scale, 1.0
    if method == "NTK":
        return (base * scale ** (width / (width - 2))) ** (-pair / width), 1.0
    if method == "YaRN":
        turns = trained * theta / (2 * np.pi)  # full turns within the trained length
        keep = np.clip((turns - 1) / (beta - 1), 0, 1)  # 1: fast pair, left alone
        return theta * keep + theta / scale * (1 - keep), 1 + 0.1 * np.log(scale)
    return theta, 1.0


# --8<-- [end:frequencies]

# --8<-- [start:angles]
TRAINED, SCALE, WIDTH = 4096, 8, 128
methods = ("none", "PI", "NTK", "YaRN")
theta, _ = frequencies("none", SCALE, TRAINED, WIDTH)
slow = TRAINED * theta < 2 * np.pi  # These never complete a turn in training.
seen = np.where(slow, (TRAINED - 1) * theta, 2 * np.pi)  # (pairs,) radians
new, step = {}, {}
print(f"{slow.sum()} of {len(theta)} pairs never complete a turn")
print("method  pairs with new angles  step of the fastest pair")
for method in methods:
    used, _ = frequencies(method, SCALE, TRAINED, WIDTH)
    reach = np.minimum((TRAINED * SCALE - 1) * used, 2 * np.pi)
    new[method] = int(np.sum(reach > seen * 1.001))
    step[method] = used[0]
    print(f"{method:7s} {new[method]:12d} {step[method]:22.3f} rad")
# --8<-- [end:angles]

# --8<-- [start:angles-claim]
assert slow.sum() == 18 and new["none"] == 18
assert new["PI"] == 0 and new["YaRN"] == 0 and 0 < new["NTK"] < 18
assert step["PI"] == 1 / SCALE and step["NTK"] == step["YaRN"] == 1
last_ntk = frequencies("NTK", SCALE, TRAINED, WIDTH)[0][-1]
assert np.isclose(last_ntk, theta[-1] / SCALE)  # The slowest pair: exactly PI.
# --8<-- [end:angles-claim]

# --8<-- [start:angles-figure]
plt.figure(figsize=(6.4, 3.2))
for method, style in zip(methods, ("-", "--", "-.", ":"), strict=True):
    used, _ = frequencies(method, SCALE, TRAINED, WIDTH)
    plt.semilogy(np.arange(64), used / theta, style, label=method)
plt.axvline(np.argmax(slow) - 0.5, color="grey", lw=0.8)
plt.xlabel("pair (0 turns fastest; right of the line: no full turn in training)")
plt.ylabel("frequency / trained frequency")
plt.legend()
plt.tight_layout()
plt.show()
# --8<-- [end:angles-figure]

# --8<-- [start:text]
import inspect

# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
text = "\n\n".join(dict.fromkeys(paragraphs))  # each once
alphabet = sorted(set(text))
place = {letter: number for number, letter in enumerate(alphabet)}
ids = np.array([place[letter] for letter in text], "int32")
train, test = np.split(ids, [int(0.9 * len(ids))])
SEEDS, SHORT, LONG, HIDDEN, STEPS = 3, 48, 192, 48, 500  # one head, two layers
# --8<-- [end:text]


# --8<-- [start:rotate]
def rotate(x, theta, at=None):  # x: (seeds, batch, time, width)
    positions = np.arange(x.shape[-2]) if at is None else np.array([at])
    angle = positions[:, None] * theta  # (time, pairs)
    cos, sin = np.cos(angle).astype("float32"), np.sin(angle).astype("float32")
    first, second = tf.split(x, 2, axis=-1)
    turned = [first * cos - second * sin, first * sin + second * cos]
    return tf.concat(turned, axis=-1)


def norm(h):
    return h * tf.math.rsqrt(tf.reduce_mean(h * h, axis=-1, keepdims=True) + 1e-6)


# --8<-- [end:rotate]


# --8<-- [start:model]
def forward(tokens, weights, theta, factor=1.0, window=None, hold=None):
    time = tokens.shape[-1]
    mask = np.tri(time) - (np.tri(time, k=-window) if window else 0)
    h = tf.gather(weights["embed"], tokens, axis=1, batch_dims=1)
    for layer in range(2):
        q, k, v = tf.split(norm(h) @ weights["qkv", layer], 3, axis=-1)
        turned = factor * rotate(q, theta), factor * rotate(k, theta)
        scores = tf.matmul(*turned, transpose_b=True) / HIDDEN**0.5
        if hold:  # Every key further back stands exactly that far back.
            held = tf.matmul(rotate(q, theta, at=hold), k, transpose_b=True)
            scores = tf.where(np.tri(time, k=-hold) == 1, held / HIDDEN**0.5, scores)
        scores += (1 - mask.astype("float32")) * -1e9
        h += tf.nn.softmax(scores) @ v @ weights["out", layer]
        h += tf.nn.gelu(norm(h) @ weights["up", layer]) @ weights["down", layer]
    return norm(h) @ weights["head", 0]  # (seeds, batch, time, alphabet)


# --8<-- [end:model]


# --8<-- [start:create]
def create(rows, columns):  # one matrix for each seed, equal for all of its batch
    values = tf.random.normal((SEEDS, 1, rows, columns)) / rows**0.5
    return tf.Variable(values)


tf.keras.utils.set_random_seed(0)
weights = {"embed": tf.Variable(tf.random.normal((SEEDS, len(alphabet), HIDDEN)))}
for layer in range(2):
    weights["qkv", layer] = create(HIDDEN, 3 * HIDDEN)
    weights["out", layer] = create(HIDDEN, HIDDEN)
    weights["up", layer] = create(HIDDEN, 4 * HIDDEN)
    weights["down", layer] = create(4 * HIDDEN, HIDDEN)
weights["head", 0] = create(HIDDEN, len(alphabet))
theta, _ = frequencies("none", 1, SHORT, HIDDEN)
variables = list(weights.values())
rate = tf.keras.optimizers.schedules.CosineDecay(
    0.0, STEPS, warmup_target=5e-3, warmup_steps=STEPS // 10
)
adam = tf.keras.optimizers.Adam(rate)
adam.build(variables)
# --8<-- [end:create]


# --8<-- [start:train]
@tf.function  # One call for all steps.
def learn(batches):
    for tokens in batches:
        with tf.GradientTape() as tape:
            logits = forward(tokens[..., :-1], weights, theta)
            nats = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[..., 1:], logits)
            # A sum over seeds, so that the three models do not interact.
            loss = tf.reduce_sum(tf.reduce_mean(nats, axis=(1, 2)))
        adam.apply(tape.gradient(loss, variables))


rng = np.random.default_rng(0)
start = rng.integers(0, len(train) - SHORT, (STEPS, SEEDS, 8, 1))
learn(tf.constant(train[start + np.arange(SHORT + 1)]))
# --8<-- [end:train]

# --8<-- [start:measure]
start = np.linspace(0, len(test) - LONG - 1, 48).astype(int)[:, None]
tokens = np.tile(test[start + np.arange(LONG + 1)], (SEEDS, 1, 1))


def bits_by_position(method, **options):
    used, factor = frequencies(method, LONG / SHORT, SHORT, HIDDEN, beta=4)
    logits = forward(tokens[..., :-1], weights, used, factor, **options)
    nats = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[..., 1:], logits)
    return nats.numpy().mean(axis=1) / np.log(2)  # (seeds, time)


bits = {method: bits_by_position(method) for method in methods}
bits["last 48 only"] = bits_by_position("none", window=SHORT)
bits["at most 47 back"] = bits_by_position("none", hold=SHORT - 1)
near = {name: b[:, SHORT // 2 : SHORT].mean(axis=1) for name, b in bits.items()}
far = {name: b[:, 3 * SHORT :].mean(axis=1) for name, b in bits.items()}
print("bits per character     positions 24-47     positions 144-191  (three seeds)")
for name in bits:
    print(f"{name:16s}", *(f"{b:9.2f}" for b in (*near[name], *far[name])))
# --8<-- [end:measure]

# --8<-- [start:claim]
cut, held = "last 48 only", "at most 47 back"
assert min(near["PI"] - near["none"]) > 0.4  # Untuned PI blurs even short texts.
assert min(far["none"] - far[cut]) > 0.3  # Fewer keys and no new angles: better.
# On the same characters new angles cost much, more keys little, and YaRN costs little nearby.
angles, keys = min(far["none"] - far[held]), max(far[held] - far[cut])
cheap = max(near["YaRN"] - near["none"]) < 0.4
order = [far[name] for name in (cut, held, "YaRN", "NTK", "none")]
steps = np.diff(order, axis=0).min(axis=1)  # From one to the next, the worst of three seeds.
assert angles > 4 * keys and cheap and min(steps) > 0 and min(steps[2:]) > 0.1
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.4))
for name, b in bits.items():
    by_block = b.mean(axis=0).reshape(-1, 8).mean(axis=1)  # (blocks of 8,)
    plt.plot(np.arange(4, LONG, 8), by_block, marker=".", label=name)
plt.axvline(SHORT, color="grey", lw=0.8)
plt.xlabel("position (characters; trained up to the line)")
plt.ylabel("bits per character")
plt.legend(ncols=2, fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
