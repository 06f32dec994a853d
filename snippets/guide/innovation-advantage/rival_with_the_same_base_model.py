# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib", "numpy", "scikit-learn"]
# ///
"""Rare cases follow the number of rare labels; access sets their price."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import RidgeClassifierCV

images, digit = load_digits(return_X_y=True)
images = images / 16  # (1797, 64)
rare = np.isin(digit, (8, 9))  # two digits play the rare cases
sizes = (20, 40, 80, 160, 320, 500)  # labels bought as they arrive
extras = (5, 10, 20, 40)  # rare ones picked on top of the first 100
repeats = 12


def market(seed):
    """Public images, test set, labels as they arrive, unseen rare ones."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    public, test, rest = order[:500], order[500:1100], order[1100:]
    arrives = ~rare[rest] | (rng.random(len(rest)) < 0.2)  # (1)!
    return public, test, rest[arrives], rest[~arrives]


# --8<-- [end:data]


# --8<-- [start:head]
def company(features, labelled, test, weights="balanced"):
    """Rare labels, error on common and on rare cases of a trained head."""
    alphas = (0.01, 0.1, 1.0)  # (1)!
    head = RidgeClassifierCV(alphas=alphas, class_weight=weights)
    head.fit(features[labelled], digit[labelled])
    wrong = head.predict(features[test]) != digit[test]
    errors = wrong[~rare[test]].mean(), wrong[rare[test]].mean()
    return rare[labelled].sum(), *errors


# --8<-- [end:head]

# --8<-- [start:repeat]
arriving, picked, plain, plain_rival = [], [], [], []
for seed in range(repeats):
    public, test, stream, unseen = market(seed)
    gamma = 1 / (images.shape[1] * images[public].var())
    base = Nystroem(gamma=gamma, n_components=150, random_state=0)
    features = base.fit(images[public]).transform(images)  # (1797, 150)
    arriving.append([company(features, stream[:n], test) for n in sizes])
    bought = [np.r_[stream[:100], unseen[:n]] for n in extras]
    picked.append([company(features, labels, test) for labels in bought])
    plain.append(company(features, stream[:500], test, weights=None))
    few = bought[extras.index(20)]
    plain_rival.append(company(features, few, test, weights=None))
parts = (arriving, picked, plain, plain_rival)
arriving, picked, plain, plain_rival = (np.mean(p, axis=0) for p in parts)
# --8<-- [end:repeat]

# --8<-- [start:curve]
for n, (k, common, uncommon) in zip(sizes, arriving, strict=True):
    print(f"{n:3d} as they arrive, {k:4.1f} rare:", end=" ")
    print(f"common {common:5.1%} wrong, rare {uncommon:5.1%} wrong")
leader = arriving[-1]  # (rare labels, common error, rare error)
within = np.flatnonzero(arriving[:, 1] < leader[1] + 0.05)[0]
print(f"without weights: common {plain[1]:.1%}, rare {plain[2]:.1%} wrong")
assert sizes[within] < 0.25 * sizes[-1]  # common cases: soon caught up
assert plain[2] > leader[2] + 0.05 and abs(plain[1] - leader[1]) < 0.01
# --8<-- [end:curve]

# --8<-- [start:targeted]
for n, (k, common, uncommon) in zip(extras, picked, strict=True):
    print(f"100 + {n:2d} picked, {k:4.1f} rare:", end=" ")
    print(f"common {common:5.1%} wrong, rare {uncommon:5.1%} wrong")
rival = picked[extras.index(20)]
assert rival[1] > leader[1] + 0.03  # fewer labels for the common cases
# As many rare labels out of a quarter of the labels: about the same error.
assert abs(rival[0] - leader[0]) < 1 and abs(rival[2] - leader[2]) < 0.05
read = np.interp(np.log(picked[:3, 0]), np.log(arriving[:, 0]), arriving[:, 2])
print("read off the first table at these counts of rare labels:", end=" ")
print(", ".join(f"{error:.1%}" for error in read))
assert np.abs(read - picked[:3, 2]).max() < 0.08
print(f"without weights, 100 + 20 picked: rare {plain_rival[2]:.1%} wrong")
assert plain_rival[2] < plain[2] - 0.05  # then their share counts as well
# --8<-- [end:targeted]

# --8<-- [start:figure]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
for result, style, name in (
    (arriving, "s-", "labels as they arrive"),
    (picked, "*-", "100 as they arrive, the rest picked"),
):
    ax.plot(result[:, 0], result[:, 2], style, label=name)
ax.set(xscale="log", xlabel="rare labels (mean of the markets)")
ax.set(ylabel="error rate on rare cases", ylim=(0, 1))
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:figure]
