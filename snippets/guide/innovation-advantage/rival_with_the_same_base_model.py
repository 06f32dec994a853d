# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib", "numpy", "scikit-learn"]
# ///
"""More labels is a short lead; labels for rare cases is a longer one."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import RidgeClassifierCV

images, digit = load_digits(return_X_y=True)
images = images / 16  # (1797, 64)
rare = np.isin(digit, (8, 9))  # two digits play the rare cases
sizes = (20, 40, 80, 160, 320, 500)
repeats = 18


def market(seed):
    """Public images, test set, labels as they arrive, unseen rare ones."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(images))
    public, test, rest = order[:500], order[500:1100], order[1100:]
    arrives = ~rare[rest] | (rng.random(len(rest)) < 0.2)  # (1)!
    return public, test, rest[arrives], rest[~arrives]


# --8<-- [end:data]


# --8<-- [start:head]
def company(features, labelled, test):
    """Error on common and on rare cases of a head trained on the labels."""
    head = RidgeClassifierCV(alphas=(0.01, 0.1, 1.0))  # (1)!
    head.fit(features[labelled], digit[labelled])
    wrong = head.predict(features[test]) != digit[test]
    return wrong[~rare[test]].mean(), wrong[rare[test]].mean()


# --8<-- [end:head]

# --8<-- [start:repeat]
curve = np.zeros((repeats, len(sizes), 2))
extras = (0, 10, 20, 40)
targeted = np.zeros((repeats, len(extras), 2))
rare_share = []
for seed in range(repeats):
    public, test, stream, unseen = market(seed)
    gamma = 1 / (images.shape[1] * images[public].var())
    base = Nystroem(gamma=gamma, n_components=300, random_state=0)
    features = base.fit(images[public]).transform(images)  # (1797, 300)
    rare_share.append(rare[stream].mean())
    for i, n in enumerate(sizes):
        curve[seed, i] = company(features, stream[:n], test)
    for i, n in enumerate(extras):
        bought = np.r_[stream[:100], unseen[:n]]
        targeted[seed, i] = company(features, bought, test)
# --8<-- [end:repeat]

# --8<-- [start:curve]
common_error, rare_error = curve.mean(axis=0).T
print(f"rare cases are {np.mean(rare_share):.1%} of the traffic")
for n, c, r in zip(sizes, common_error, rare_error, strict=True):
    print(f"{n:3d} labels: common {c:5.1%} wrong, rare {r:5.1%} wrong")


def labels_to_reach(error, target):
    """Labels at which the mean curve falls to target, log-interpolated."""
    return np.exp(np.interp(-target, -error, np.log(sizes)))


reach_common = labels_to_reach(common_error, common_error[-1] + 0.05)
reach_rare = labels_to_reach(rare_error, rare_error[-1] + 0.05)
print("labels to come within 5 points of the company with 500:")
print(f"common cases {reach_common:.0f}, rare cases {reach_rare:.0f}")
assert reach_common < 0.25 * sizes[-1] and reach_rare > 0.6 * sizes[-1]
# --8<-- [end:curve]

# --8<-- [start:targeted]
picked_common, picked_rare = targeted.mean(axis=0).T
for n, c, r in zip(extras, picked_common, picked_rare, strict=True):
    print(f"100 + {n:2d} picked: common {c:5.1%} wrong, rare {r:5.1%} wrong")
rival, leader = picked_rare[extras.index(20)], rare_error[-1]
assert rival < leader - 0.03  # 120 chosen labels beat 500 on the rare cases
for block in np.split(np.arange(repeats), 3):  # also in each third
    assert targeted[block, 2, 1].mean() < curve[block, -1, 1].mean()
# --8<-- [end:targeted]

# --8<-- [start:figure]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
ax.plot(sizes, common_error, "o-", label="common cases")
ax.plot(sizes, rare_error, "s-", label="rare cases")
ax.plot(120, rival, "*", ms=14, label="rare, 100 + 20 picked")
ax.set(xscale="log", yscale="log", xlabel="labels bought")
ax.minorticks_off()
ax.set_xticks(sizes, sizes)
ax.set_ylabel("error rate on unseen images")
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:figure]
