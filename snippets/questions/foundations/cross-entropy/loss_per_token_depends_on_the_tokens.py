# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The model with the larger loss per token can be the better one: compare bits per letter."""

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
pairs = LETTERS * text[:LENGTH:2] + text[1:LENGTH:2]  # A token is now two letters.
loss_per_token, bits = {}, {}
for letters, tokens in {1: text[:LENGTH], 2: pairs}.items():
    learned, unseen = np.split(tokens, 2)
    frequency = np.bincount(learned) / len(learned)  # A model that knows only how often.
    loss_per_token[letters] = -np.mean(np.log(frequency[unseen]))
    bits[letters] = loss_per_token[letters] / letters / np.log(2)
    report = f"loss {loss_per_token[letters]:.2f}, perplexity {np.exp(loss_per_token[letters]):.1f}"
    print(f"letters in a token: {letters}, {report}, bits per letter {bits[letters]:.2f}")
assert loss_per_token[2] > 1.5 * loss_per_token[1]
assert bits[2] < bits[1] - 0.1  # The larger loss is that of the better model.
# --8<-- [end:tokens]
