# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""DPO with all pairs finds the policy that RLHF looks for; answers in no pair it leaves open."""

# --8<-- [start:optimum]
import numpy as np

SEEDS, ANSWERS = range(5), 6  # One prompt with six answers.


def problem(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=ANSWERS), rng.dirichlet(np.ones(ANSWERS))  # reward, reference


def kl(p, q):
    return (p * np.log(p / q)).sum(axis=-1)


def objective(policy, reward, reference, beta):  # What RLHF maximizes.
    return policy @ reward - beta * kl(policy, reference)


def optimum(reward, reference, beta):
    weight = reference * np.exp(reward / beta)
    return weight / weight.sum(), weight.sum()  # the policy, and Z


others = np.random.default_rng(0).dirichlet(np.ones(ANSWERS), size=10_000)
lead = []
for seed in SEEDS:
    reward, reference = problem(seed)
    best, z = optimum(reward, reference, beta=0.5)
    gap = objective(best, reward, reference, 0.5) - objective(others, reward, reference, 0.5)
    lead.append(gap.min())
    implicit = 0.5 * np.log(best / reference)
    assert np.allclose(reward - implicit, 0.5 * np.log(z))  # One constant for all answers.
print("least lead over 10,000 policies:", *(f"{x:.3f}" for x in lead))
assert min(lead) > 0


def dpo(logits, reference, wins, beta):  # wins[i, j]: how often i is preferred to j.
    ratio = beta * (logits - np.log(reference))
    margin = ratio[:, None] - ratio
    pull = beta * wins / (1 + np.exp(margin))
    return (wins * np.logaddexp(0, -margin)).sum(), pull.sum(axis=0) - pull.sum(axis=1)


def train(reward, reference, beta, seen=ANSWERS, steps=3000, rate=0.5):
    wins = 1 / (1 + np.exp(reward - reward[:, None]))  # Bradley-Terry
    wins *= np.outer(np.arange(ANSWERS) < seen, np.arange(ANSWERS) < seen)
    logits = np.log(reference)
    for _ in range(steps):
        logits = logits - rate * dpo(logits, reference, wins, beta)[1]
    return logits, wins


def softmax(logits):
    weight = np.exp(logits - logits.max())
    return weight / weight.sum()


found = []
for seed in SEEDS:
    reward, reference = problem(seed)
    policy = softmax(train(reward, reference, beta=0.5)[0])
    found.append(np.abs(policy - optimum(reward, reference, 0.5)[0]).max())
print("DPO on all pairs, farthest from the closed form:", f"{max(found):.0e}")
assert max(found) < 1e-9
# --8<-- [end:optimum]

# --8<-- [start:unseen]
same, lost = [], []
for seed in SEEDS:
    reward, reference = problem(seed)
    reward[-1] = reward.min() - 1  # The worst answer, and it stands in no pair.
    logits, wins = train(reward, reference, beta=0.5, seen=ANSWERS - 1)
    away = logits + 20 * (np.arange(ANSWERS) == ANSWERS - 1)  # Now it gets nearly everything.
    same.append(dpo(away, reference, wins, 0.5)[0] - dpo(logits, reference, wins, 0.5)[0])
    both = np.stack([softmax(logits), softmax(away)])
    lost.append(np.subtract(*objective(both, reward, reference, 0.5)))
print("all to an unseen answer: DPO loss changes by", *(f"{x:.0e}" for x in same))
print("                       RLHF objective falls by", *(f"{x:.1f}" for x in lost))
assert np.abs(same).max() < 1e-12 and min(lost) > 2

betas = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
final, first = np.zeros((2, len(SEEDS), len(betas)))
for seed in SEEDS:
    reward, reference = problem(seed)
    for column, beta in enumerate(betas):
        final[seed, column] = kl(optimum(reward, reference, beta)[0], reference)
        logits, _ = train(reward, reference, beta, steps=1, rate=0.1)
        first[seed, column] = kl(softmax(logits), reference)
print("beta                         ", *(f"{beta:8}" for beta in betas))
print("KL from reference, optimum   ", *(f"{x:8.4f}" for x in final[0]))
print("KL from reference, first step", *(f"{x:8.1e}" for x in first[0]))
assert np.all(np.diff(final, axis=1) < 0) and np.all(np.diff(first, axis=1) > 0)
# --8<-- [end:unseen]
