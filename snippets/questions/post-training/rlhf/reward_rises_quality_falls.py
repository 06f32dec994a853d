# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A reward model that is right about the answers it saw, and a policy that leaves them."""

# --8<-- [start:setup]
import numpy as np

PAIRS = 20000


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def quality(answers):
    """What people like: content, and length up to a point."""
    content, length = answers.T
    return 0.5 * content + length - 0.4 * length**2


def pairs(noise, mean):
    return noise.normal(mean, 1, size=(2, PAIRS, 2))  # Two answers, each content and length.


def reward_model(noise, mean):
    """Weights of content and length, by logistic regression on pairs that people judged."""
    left, right = pairs(noise, mean)
    chosen = noise.random(PAIRS) < sigmoid(quality(left) - quality(right))
    apart, w = left - right, np.zeros(2)
    for _ in range(20):  # Newton steps.
        p = sigmoid(apart @ w)
        w = w + np.linalg.solve(apart.T * (p * (1 - p)) @ apart, apart.T @ (chosen - p))
    return w


# --8<-- [end:setup]

# --8<-- [start:show]
KL = np.array([0, 0.5, 1, 2, 4.5, 8])
shape = 5, len(KL)
reward, gold, length, says, agree = (np.zeros(shape) for _ in range(5))
refit = []
for seed in range(5):
    noise = np.random.default_rng(seed)
    w = reward_model(noise, mean=(0, 0))  # On answers of the SFT policy.
    for i, kl in enumerate(KL):
        mean = np.sqrt(2 * kl) * w / np.linalg.norm(w)  # Where reward is greatest at this KL.
        left, right = pairs(noise, mean)
        better = np.sign((left - right) @ w)
        reward[seed, i], length[seed, i] = mean @ w, mean[1]
        gold[seed, i] = quality(left).mean()
        says[seed, i] = sigmoid(np.abs((left - right) @ w)).mean()
        agree[seed, i] = sigmoid(better * (quality(left) - quality(right))).mean()
    refit.append([w[1], reward_model(noise, mean)[1]])
print("  KL   reward  quality  length  model says  people agree")
for row in zip(
    KL, *(part.mean(axis=0) for part in (reward, gold, length, says, agree)), strict=True
):
    print("{:4.1f}{:9.2f}{:9.2f}{:8.2f}{:12.2f}{:14.2f}".format(*row))
print(
    "weight of length: SFT pairs {:.2f}, pairs at the last KL {:.2f}".format(
        *np.mean(refit, axis=0)
    )
)
assert (np.diff(reward) > 0.3).all() and (gold.argmax(axis=1) == 3).all()
assert (gold[:, -1] < gold[:, 0] - 0.2).all()
assert np.abs(says - agree)[:, 0].max() < 0.015 and (agree[:, -1] < 0.4).all()
assert says.min() > 0.7 and (np.array(refit) * [1, -1] > 0.5).all()
# --8<-- [end:show]
