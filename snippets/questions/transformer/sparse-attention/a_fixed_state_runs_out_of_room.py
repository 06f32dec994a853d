# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""Linear attention is a recurrent state of d by d, exact for d pairs and no more."""

# --8<-- [start:equal]
import matplotlib.pyplot as plt
import numpy as np

WIDTH, TIME = 64, 300
rng = np.random.default_rng(0)
q, k, v = rng.normal(size=(3, TIME, WIDTH))  # (time, width) each
f_q, f_k = (np.where(a > 0, a + 1, np.exp(np.minimum(a, 0))) for a in (q, k))
weights = np.tril(f_q @ f_k.T)  # (time, time), no softmax
parallel = weights @ v / weights.sum(axis=1, keepdims=True)

state, total, recurrent = np.zeros((WIDTH, WIDTH)), np.zeros(WIDTH), []
for query, key, value in zip(f_q, f_k, v, strict=True):
    state += np.outer(key, value)  # All that is kept of the past.
    total += key
    recurrent.append(query @ state / (query @ total))
gap = np.abs(parallel - recurrent).max()
print(f"all pairs against one state: difference {gap:.0e}")
assert gap < 1e-12
# --8<-- [end:equal]


# --8<-- [start:recall]
def recall(pairs, seed):  # Ask once for every stored key.
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(pairs, WIDTH))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    values = rng.normal(size=(pairs, WIDTH))
    scores = 64 * keys @ keys.T  # The scale is learned in a model.
    sharp = np.exp(scores - scores.max(axis=1, keepdims=True))
    answers = {
        "softmax": sharp / sharp.sum(axis=1, keepdims=True) @ values,
        "sum of outer products": keys @ (keys.T @ values),
        "best possible state": keys @ (np.linalg.pinv(keys) @ values),
    }
    return {n: np.sum((a - values) ** 2) / np.sum(values**2) for n, a in answers.items()}


# --8<-- [end:recall]

# --8<-- [start:compare]
sizes = (8, 32, 64, 128, 256, 1024)
lost = {}
for pairs in sizes:
    for name in (rows := [recall(pairs, seed) for seed in range(3)])[0]:
        lost[name, pairs] = np.array([row[name] for row in rows])
print(f"share of the stored values that is lost, width {WIDTH}, worst of three seeds")
print("pairs                 ", "".join(f"{n:7d}" for n in sizes))
names = ("softmax", "sum of outer products", "best possible state")
for name in names:
    print(f"{name:22s}", "".join(f"{lost[name, n].max():7.2f}" for n in sizes))
# --8<-- [end:compare]

# --8<-- [start:claim]
for n in sizes:
    room = lost["best possible state", n]
    assert np.abs(room - max(0, 1 - WIDTH / n)).max() < 0.05
    assert lost["softmax", n].max() < 1e-3
    assert (lost["sum of outer products", n] >= room - 1e-9).all()
assert lost["best possible state", 64].max() < 1e-9  # Exactly full.
# --8<-- [end:claim]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
for name, mark in zip(names, "os^", strict=True):
    mean = [np.minimum(lost[name, n].mean(), 2) for n in sizes]
    plt.semilogx(sizes, mean, mark + "-", label=name, base=2)
plt.axvline(WIDTH, ls=":", color="grey")
plt.ylim(-0.05, 2.1)
plt.xlabel("pairs stored, width 64 (pairs)")
plt.ylabel("share of the values lost (cut at 2)")
plt.legend(fontsize="small")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]
