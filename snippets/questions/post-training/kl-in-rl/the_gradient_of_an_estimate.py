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


def estimates(r):  # k1, k2, k3 of each token, r = reference / policy; the policy samples the token.
    return np.array([-np.log(r), np.log(r) ** 2 / 2, r - 1 - np.log(r)])


for shift in (0.1, 1.0, 3.0):
    mean, deviation = np.empty((2, 10, 3))  # (draws, estimates), both in units of the KL.
    for seed in range(10):
        policy, reference = pair(shift, seed)
        k = estimates(reference / policy)  # (estimates, tokens)
        kl = policy @ np.log(policy / reference)
        mean[seed] = k @ policy / kl
        deviation[seed] = np.sqrt((k - (k @ policy)[:, None]) ** 2 @ policy) / kl
    print(f"shift {shift}   means", mean[2].round(2), "  deviations", deviation[2].round(2))
    assert np.allclose(mean[:, 2], 1)
    wider = deviation[:, 2] / deviation[:, 0]  # k3 over k1.
    assert (shift > 0.1 or wider.max() < 0.1) and (shift < 3 or wider.min() > 2)
# --8<-- [end:estimates]


# --8<-- [start:gradients]
def slope(value, policy):  # In the logits, numerically; value may be a number or several.
    up, down = ([softmax(np.log(policy) + s) for s in h * np.eye(50)] for h in (1e-5, -1e-5))
    return np.array([value(u) - value(d) for u, d in zip(up, down, strict=True)]).T / 2e-5


def gradients(policy, reference):
    k = estimates(reference / policy)  # In the reward: numbers that do not move with the logits.
    reverse = slope(lambda p: p @ np.log(p / reference), policy)
    forward = slope(lambda p: reference @ np.log(reference / p), policy)
    loss = slope(lambda p: estimates(reference / p) @ policy, policy)  # Sampled before the step.
    return reverse, forward, loss, slope(lambda p: k @ (policy * np.log(p)), policy)


share = {}
for shift in (0.1, 1.0, 3.0):
    for seed in range(10):
        reverse, forward, loss, reward = gradients(*pair(shift, seed))
        assert np.allclose(loss[0], 0) and np.allclose(loss[2], forward)
        assert np.allclose(loss[1], reverse) and np.allclose(reward[0], reverse)
        assert np.allclose(reward[2], reverse - forward)
        for name, g in {"k3 as a loss": loss[2], "k3 in the reward": reward[2]}.items():
            share.setdefault((name, shift), []).append(g @ reverse / (reverse @ reverse))
for (name, shift), s in share.items():
    print(f"{name:16s} shift {shift}: {min(s):5.2f} to {max(s):4.2f} of the KL's own gradient")
assert np.abs(share["k3 in the reward", 0.1]).max() < 0.1
# --8<-- [end:gradients]
