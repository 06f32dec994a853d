# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""Linear attention is a recurrent state of d by d: exact for d pairs, and able to name more."""

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
    unit = values / np.linalg.norm(values, axis=1, keepdims=True)

    def softmax(scale):
        weights = np.exp(scale * (keys @ keys.T - 1))
        return weights / weights.sum(axis=1, keepdims=True) @ values

    answers = {
        "softmax": softmax(scale=64),
        "softmax, scale 8": softmax(scale=8),  # 1/√64 of keys whose entries have variance 1
        "sum of outer products": keys @ (keys.T @ values),
        "best possible state": keys @ (np.linalg.pinv(keys) @ values),
    }
    return {  # Share lost, and share whose nearest stored value (by angle) is the right one.
        name: (
            np.sum((answer - values) ** 2) / np.sum(values**2),
            np.mean((answer @ unit.T).argmax(axis=1) == np.arange(pairs)),
        )
        for name, answer in answers.items()
    }


# --8<-- [end:recall]

# --8<-- [start:compare]
sizes = (8, 32, 64, 128, 256, 1024)
lost, named = {}, {}  # (seeds,) each
for pairs in sizes:
    for name in (rows := [recall(pairs, seed) for seed in range(3)])[0]:
        lost[name, pairs], named[name, pairs] = np.array([row[name] for row in rows]).T
print(f"width {WIDTH}, worst of three seeds\npairs", " " * 16, "".join(f"{n:7d}" for n in sizes))
print("share of the stored values that is lost")
for name in rows[0]:
    print(f"{name:22s}", "".join(f"{lost[name, n].max():7.2f}" for n in sizes))
print("share of the values named correctly")
for name in rows[0]:
    print(f"{name:22s}", "".join(f"{named[name, n].min():7.2f}" for n in sizes))
# --8<-- [end:compare]

# --8<-- [start:claim]
best = {n: named["best possible state", n] for n in sizes}
assert best[128].min() > 0.9 and best[256].min() > 0.6 and best[1024].max() < 0.2
for n in sizes:
    room = lost["best possible state", n]
    assert np.abs(room - max(0, 1 - WIDTH / n)).max() < 0.05
    assert lost["softmax", n].max() < 1e-3
    assert np.abs(lost["sum of outer products", n] / ((n - 1) / WIDTH) - 1).max() < 0.4
assert lost["best possible state", 64].max() < 1e-9  # Exactly full.
assert lost["softmax, scale 8", 1024].min() > 0.1
# --8<-- [end:claim]


# --8<-- [start:denominator]
def fits(pairs, d, d_v):  # Is there a state with a denominator, k S = v (k z) for all pairs?
    rng = np.random.default_rng(0)
    keys, values = rng.normal(size=(pairs, d)), rng.normal(size=(pairs, d_v))
    times = -np.concatenate([column[:, None] * keys for column in values.T])
    equations = np.hstack([np.kron(np.eye(d_v), keys), times])  # (pairs · d_v, d · d_v + d)
    return np.linalg.matrix_rank(equations) < equations.shape[1]


for d, d_v in ((8, 8), (8, 2), (8, 1)):
    most = max(n for n in range(1, 2 * d + 1) if fits(n, d, d_v))
    print(f"with a denominator, width {d}, values of {d_v}: {most} pairs fit")
    assert most == d + (d - 1) // d_v
# --8<-- [end:denominator]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.2))
names = ("softmax", "sum of outer products", "best possible state")
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
