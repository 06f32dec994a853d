# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Cross-attention makes 16 d² of 12 d², yet a token uses only half of an encoder-decoder."""

# --8<-- [start:layers]
import numpy as np
import tensorflow as tf

layers = tf.keras.layers
WIDTH, DEPTH, SOURCE, TARGET = 64, 2, 20, 12


def attention():
    return layers.MultiHeadAttention(4, WIDTH // 4, use_bias=False)


def feed_forward():
    return [layers.Dense(4 * WIDTH, "gelu", use_bias=False), layers.Dense(WIDTH, use_bias=False)]


def stack(depth, cross=False):
    return [([attention() for _ in range(1 + cross)], feed_forward()) for _ in range(depth)]


# --8<-- [end:layers]

# --8<-- [start:work]
work = []  # multiplications by weights: one per weight and position


def counting(call):
    def counted(self, inputs, *rest, **named):
        positions = int(np.prod(inputs.shape[:2]))  # (batch, time, …)
        work.append(positions * self.count_params())
        return call(self, inputs, *rest, **named)

    return counted


for kind in (layers.Dense, layers.EinsumDense):  # All weights of these models are in one of them.
    kind.call = counting(kind.call)
# --8<-- [end:work]


# --8<-- [start:run]
def run(blocks, x, memory=None, causal=True):
    for (attend, *cross), (up, down) in blocks:
        x += attend(x, x, use_causal_mask=causal)
        for look in cross:
            x += look(x, memory)
        x += down(up(x))
    return x


def weights(blocks):
    parts = [part for attends, forward in blocks for part in (*attends, *forward)]
    return sum(part.count_params() for part in parts)


def count(compute, *stacks):
    work.clear()
    compute()
    return sum(map(weights, stacks)), sum(work)


# --8<-- [end:run]

# --8<-- [start:compare]
source, target = tf.ones((1, SOURCE, WIDTH)), tf.ones((1, TARGET, WIDTH))
both = tf.concat([source, target], axis=1)
encoder, decoder = stack(DEPTH), stack(DEPTH, cross=True)
small, large = stack(DEPTH), stack(2 * DEPTH)
found = {
    "decoder-only, L layers": count(lambda: run(small, both), small),
    "decoder-only, 2L layers": count(lambda: run(large, both), large),
    "encoder-decoder, L + L": count(
        lambda: run(decoder, target, run(encoder, source, causal=False)), encoder, decoder
    ),
}
# --8<-- [end:compare]

# --8<-- [start:table]
unit, tokens = DEPTH * WIDTH**2, SOURCE + TARGET
print("in units of L d²          weights  multiplications per token")
for name, (size, multiplied) in found.items():
    print(f"{name:25} {size / unit:6.0f} {multiplied / unit / tokens:14.0f}")
one, two, pair = found.values()
assert weights(encoder) == 12 * unit and weights(decoder) == 16 * unit
assert one == (12 * unit, 12 * unit * tokens) and two == (24 * unit, 24 * unit * tokens)
assert pair == (28 * unit, 14 * unit * tokens)  # Half of its weights for each token.
# --8<-- [end:table]

# --8<-- [start:targets]
LENGTH, ROWS = 128, 50_000
hidden = np.random.default_rng(0).random((ROWS, LENGTH)) < 0.15  # BERT's masked language model
causal = np.tri(LENGTH - 1)  # (target, token it may read)
targets = {"masked": hidden.sum(1).mean(), "causal": float(len(causal))}
known = (~hidden).sum(1) @ hidden.sum(1) / hidden.sum()  # A text counts once per target.
context = {"masked": known, "causal": causal.sum(1).mean()}
print(f"\nper sequence of {LENGTH} tokens   targets   known tokens per target")
for name in targets:
    print(f"{name:26} {targets[name]:10.1f} {context[name]:12.1f}")
assert abs(targets["causal"] / targets["masked"] - 127 / (0.15 * 128)) < 0.1
assert abs(context["masked"] - 0.85 * (LENGTH - 1)) < 0.5 and context["causal"] == LENGTH / 2
# --8<-- [end:targets]
