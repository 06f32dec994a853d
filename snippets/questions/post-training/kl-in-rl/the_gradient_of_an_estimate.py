# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Three estimates of a KL, and where their gradients lead, by exact sums over 50 tokens."""

# --8<-- [start:estimates]
import numpy as np


def softmax(logits):
    weight = np.exp(logits - logits.max())
    return weight / weight.sum()


def pair(shift, seed):  # A policy, and the reference that its logits have moved away from.
    logits, move = np.random.default_rng(seed).normal(0, 1, (2, 50))
    return softmax(2 * logits + shift * move), softmax(2 * logits)


def estimates(r):  # One value per token, r = reference / policy; the policy samples the token.
    return {"k1": -np.log(r), "k2": np.log(r) ** 2 / 2, "k3": r - 1 - np.log(r)}


for shift in (0.1, 1.0, 3.0):
    mean, deviation = np.empty((2, 10, 3))  # (draws, estimates), both in units of the KL.
    for seed in range(10):
        policy, reference = pair(shift, seed)
        k = np.array(list(estimates(reference / policy).values()))  # (estimates, tokens)
        kl = policy @ np.log(policy / reference)
        mean[seed] = k @ policy / kl
        deviation[seed] = np.sqrt((k - (k @ policy)[:, None]) ** 2 @ policy) / kl
    print(f"shift {shift}   means", mean[2].round(2), "  deviations", deviation[2].round(2))
    assert np.allclose(mean[:, [0, 2]], 1)
    wider = deviation[:, 2] / deviation[:, 0]  # k3 over k1.
    assert (shift > 0.1 or wider.max() < 0.1) and (shift < 3 or wider.min() > 2)
# --8<-- [end:estimates]

# --8<-- [start:gradients]
share = {}
for shift in (0.1, 1.0, 3.0):
    for policy, reference in [pair(shift, seed) for seed in range(10)]:
        r, score = reference / policy, np.eye(50) - policy  # Of each log-probability in the logits.
        slope = {"k1": np.ones(50), "k2": -np.log(r), "k3": 1 - r}  # dk / dlog(policy)
        reverse = policy * (-np.log(r) + policy @ np.log(r))  # Of KL(policy || reference).
        forward = policy - reference  # Of KL(reference || policy).
        loss = {name: (policy * s) @ score for name, s in slope.items()}
        reward = {name: (policy * k) @ score for name, k in estimates(r).items()}
        assert np.allclose(loss["k1"], 0) and np.allclose(loss["k3"], forward)
        assert np.allclose(loss["k2"], reverse) and np.allclose(reward["k1"], reverse)
        assert np.allclose(reward["k3"], reverse - forward)
        for name, g in {"k3 as a loss": loss["k3"], "k3 in the reward": reward["k3"]}.items():
            share.setdefault((name, shift), []).append(g @ reverse / (reverse @ reverse))
for (name, shift), s in share.items():
    print(f"{name:16s} shift {shift}: {min(s):5.2f} to {max(s):4.2f} of the KL's own gradient")
assert np.abs(share["k3 in the reward", 0.1]).max() < 0.1
# --8<-- [end:gradients]
