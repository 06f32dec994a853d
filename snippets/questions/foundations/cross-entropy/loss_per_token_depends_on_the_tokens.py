# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""One model, one text, two ways to cut it: the loss per token doubles, the bits per letter stay."""

# --8<-- [start:source]
import numpy as np

rng = np.random.default_rng(0)
LETTERS, LENGTH = 4, 50_000
truth = rng.dirichlet(np.full(LETTERS, 0.5), size=LETTERS)  # P(next | letter)
text = np.zeros(LENGTH + 1, dtype=int)
for i in range(LENGTH):
    text[i + 1] = rng.choice(LETTERS, p=truth[text[i]])
before, after = text[:-1], text[1:]
share = np.bincount(before, minlength=LETTERS) / LENGTH
entropy = -np.sum(share[:, None] * truth * np.log(truth))  # nats per letter
# --8<-- [end:source]


# --8<-- [start:floor]
def loss(model):  # Mean cross-entropy in nats, a prediction for each letter.
    return -np.mean(np.log(model[before, after]))


wrong = 0.9 * truth + 0.1 / LETTERS  # A model that hedges.
divergence = np.sum(share[:, None] * truth * np.log(truth / wrong))
print(f"entropy of the source  {entropy:.3f} nats per letter")
print(f"loss of the true model {loss(truth):.3f}")
print(f"loss when it hedges    {loss(wrong):.3f}, entropy + KL {entropy + divergence:.3f}")
assert abs(loss(truth) - entropy) < 0.01 and entropy > 0.5
assert abs(loss(wrong) - entropy - divergence) < 0.01 and divergence > 0.01
# --8<-- [end:floor]

# --8<-- [start:tokens]
per_letter = -np.log(truth[before, after])  # (letters,)
per_pair = per_letter[0::2] + per_letter[1::2]  # A token is now two letters.
bits = {}
for name, nats in {"1 letter": per_letter, "2 letters": per_pair}.items():
    bits[name] = nats.sum() / np.log(2) / LENGTH
    report = f"loss {nats.mean():.3f}, perplexity {np.exp(nats.mean()):.2f}"
    print(f"a token is {name:9s}: {report}, bits per letter {bits[name]:.3f}")
assert abs(per_pair.mean() / per_letter.mean() - 2) < 1e-9
assert abs(bits["1 letter"] - bits["2 letters"]) < 1e-9
# --8<-- [end:tokens]
