# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Two numbers per piece of the vocabulary are enough for the exact cross-entropy."""

# --8<-- [start:pieces]
import numpy as np
import tensorflow as tf

TOKENS, WIDTH, VOCABULARY, PIECES = 64, 128, 32_000, 8
rng = np.random.default_rng(0)
h = rng.normal(size=(TOKENS, WIDTH)).astype("float32")
w = rng.normal(size=(WIDTH, VOCABULARY)).astype("float32")
y = rng.integers(0, VOCABULARY, TOKENS)
high, total = np.full(TOKENS, -np.inf), np.zeros(TOKENS)  # both (tokens,)
for piece in np.split(w, PIECES, axis=1):  # (width, vocabulary / pieces)
    z = h @ piece  # The only logits in memory.
    new = np.maximum(high, z.max(axis=1))
    total = total * np.exp(high - new) + np.exp(z - new[:, None]).sum(axis=1)
    high = new
# --8<-- [end:pieces]

# --8<-- [start:compare]
right = np.sum(h * w.T[y], axis=1)  # Logit of the right token, without the others.
in_pieces = high + np.log(total) - right
whole = tf.nn.sparse_softmax_cross_entropy_with_logits(y, h @ w).numpy()
error = np.abs(in_pieces / whole - 1).max()
print(f"largest relative difference from all logits at once: {error:.0e}")
assert error < 1e-5
logits_gb = 8192 * 128_000 * 4 / 1e9  # tokens, vocabulary, bytes in float32
print(f"logits of 8,192 tokens over 128,000 words: {logits_gb:.1f} GB")
# --8<-- [end:compare]

# --8<-- [start:backward]
normalizer = (high + np.log(total))[:, None]  # Kept from the forward pass. (tokens, 1)
dh, dw = np.zeros_like(h), np.zeros_like(w)
for words in np.split(np.arange(VOCABULARY), PIECES):
    p = np.exp(h @ w[:, words] - normalizer)  # The logits once more: one product.
    p -= y[:, None] == words  # Probabilities minus one-hot.
    dh += p @ w[:, words].T
    dw[:, words] = h.T @ p
# --8<-- [end:backward]

# --8<-- [start:gradient]
with tf.GradientTape() as tape:
    h_all, w_all = tf.constant(h), tf.constant(w)
    tape.watch([h_all, w_all])
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(y, h_all @ w_all)
for mine, theirs in zip((dh, dw), tape.gradient(loss, [h_all, w_all]), strict=True):
    gradient_error = np.abs(mine - theirs).max() / np.abs(theirs).max()
    print(f"gradient, largest difference from autograd: {gradient_error:.0e}")
    assert gradient_error < 1e-5
# --8<-- [end:gradient]
