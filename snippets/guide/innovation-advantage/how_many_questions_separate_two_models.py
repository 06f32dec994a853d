# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib", "numpy", "scipy"]
# ///
"""Telling 80% from 85% takes hundreds of questions; pairing saves most."""

# --8<-- [start:intervals]
import matplotlib.pyplot as plt
import numpy as np
from scipy import stats

Z = stats.norm.ppf(0.975)  # two-sided 95%


def wald(k, n):
    """The textbook interval: p ± 1.96 standard errors."""
    p = k / n
    half = Z * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


def wilson(k, n):
    """Values of p that a score test does not reject."""
    p, z2 = k / n, Z**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
    return centre - half, centre + half


def exact(k, n):
    """Clopper-Pearson: from the binomial itself, never too short."""
    low = np.where(k == 0, 0.0, stats.beta.ppf(0.025, k, n - k + 1))
    high = np.where(k == n, 1.0, stats.beta.ppf(0.975, k + 1, n - k))
    return low, high


# --8<-- [end:intervals]

# --8<-- [start:table]
half_width = {}
for n in (20, 50, 200, 1000):
    low, high = wilson(0.8 * n, n)
    half_width[n] = (high - low) / 2
    print(f"80% of {n:4d}: Wilson {low:.1%} to {high:.1%}", end="; ")
    low, high = exact(0.8 * n, n)
    print(f"exact {low:.1%} to {high:.1%}")
ours, theirs = wilson(41, 50), wilson(38, 50)
print(f"41 of 50: {ours[0]:.0%} to {ours[1]:.0%}")
print(f"38 of 50: {theirs[0]:.0%} to {theirs[1]:.0%}")
assert theirs[1] > 41 / 50 and ours[0] < 38 / 50  # each holds the other
# --8<-- [end:table]


# --8<-- [start:coverage]
def coverage(method, n, p):
    """Probability that the interval contains p, summed exactly."""
    k = np.arange(n + 1)
    low, high = method(k, n)
    return stats.binom.pmf(k, n, p)[(low <= p) & (p <= high)].sum()


print("coverage of a '95%' interval, 50 questions")
for p in (0.80, 0.90, 0.98):
    row = [coverage(method, 50, p) for method in (wald, wilson, exact)]
    print(f"true {p:.0%}: Wald {row[0]:.1%}", end=", ")
    print(f"Wilson {row[1]:.1%}, exact {row[2]:.1%}")
worst_wald = coverage(wald, 50, 0.98)
grid = np.arange(0.5, 0.99, 0.01)
worst_wilson = min(coverage(wilson, 50, p) for p in grid)
assert worst_wald < 0.70 and worst_wilson > 0.90
# --8<-- [end:coverage]


# --8<-- [start:samplesize]
def per_arm(p, q, power=0.8):
    """Questions per arm for a two-sided 5% test of two proportions."""
    zb, mean = stats.norm.ppf(power), (p + q) / 2
    root = Z * np.sqrt(2 * mean * (1 - mean))
    root += zb * np.sqrt(p * (1 - p) + q * (1 - q))
    return int(np.ceil((root / (q - p)) ** 2))


def separate_power(n, p, q):
    """Exact power of that test: every pair of counts, weighted."""
    a, b = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    pooled = (a + b) / (2 * n)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled) * 2 / n, 1e-300))
    rejects = np.abs(b - a) / n > Z * spread
    chance_a = stats.binom.pmf(a[:, 0], n, p)
    chance_b = stats.binom.pmf(b[0], n, q)
    return chance_a @ rejects @ chance_b


n_separate = per_arm(0.80, 0.85)
exact_power = separate_power(n_separate, 0.80, 0.85)
small_power = separate_power(100, 0.80, 0.85)
print(f"80% against 85%: {n_separate} per arm")
print(f"exact power with that many {exact_power:.3f}")
print(f"80% against 82%: {per_arm(0.80, 0.82)} per arm")
print(f"with 100 per arm the power is {small_power:.3f}")
assert abs(exact_power - 0.8) < 0.01 and small_power < 0.2
# --8<-- [end:samplesize]


# --8<-- [start:paired]
def paired_size(gap, disagree, power=0.8):
    """Questions when both models answer the same ones (McNemar)."""
    root = Z * np.sqrt(disagree)
    root += stats.norm.ppf(power) * np.sqrt(disagree - gap**2)
    return int(np.ceil((root / gap) ** 2))


paired = {d: paired_size(0.05, d) for d in (0.10, 0.20, 0.29)}
for disagree, n in paired.items():
    print(f"same questions, disagreeing on {disagree:.0%}: {n}")
assert paired[0.10] < n_separate / 2
# --8<-- [end:paired]

# --8<-- [start:simulation]
rng = np.random.default_rng(0)
trials = 40_000
a = rng.binomial(n_separate, 0.80, trials)
b = rng.binomial(n_separate, 0.85, trials)
pooled = (a + b) / (2 * n_separate)
z = (b - a) / n_separate / np.sqrt(2 * pooled * (1 - pooled) / n_separate)
simulated = np.mean(np.abs(z) > Z)
# Better by 5 points, disagreeing on 10%: 7.5% one way, 2.5% the other.
outcomes = rng.multinomial(paired[0.10], (0.075, 0.025, 0.9), trials)
wins, losses, _ = outcomes.T
z = (wins - losses) / np.sqrt(np.maximum(wins + losses, 1))
simulated_paired = np.mean(np.abs(z) > Z)
print(f"simulated power: separate {simulated:.2f}", end=", ")
print(f"paired {simulated_paired:.2f}")
assert abs(simulated - exact_power) < 0.01
assert 0.78 < simulated_paired < 0.84
# --8<-- [end:simulation]

# --8<-- [start:peeking]
looks, batch = 9, 100
a = rng.binomial(batch, 0.80, (trials, looks)).cumsum(axis=1)
b = rng.binomial(batch, 0.80, (trials, looks)).cumsum(axis=1)
n = batch * np.arange(1, looks + 1)
pooled = (a + b) / (2 * n)
z = (b - a) / n / np.sqrt(2 * pooled * (1 - pooled) / n)
false_alarm_once = np.mean(np.abs(z[:, -1]) > Z)
false_alarm_peeking = np.mean((np.abs(z) > Z).any(axis=1))
print("two equal models, called different:")
print(f"one look at {n[-1]} questions {false_alarm_once:.0%}", end=", ")
print(f"a look every {batch} {false_alarm_peeking:.0%}")
assert false_alarm_once < 0.06 and false_alarm_peeking > 0.15
# --8<-- [end:peeking]

# --8<-- [start:figure]
counts = np.array([25, 50, 100, 200, 400, 600, 906, 1300])
fig, ax = plt.subplots(figsize=(6.4, 3.4))
for q in (0.82, 0.85, 0.90):
    power = [separate_power(n, 0.80, q) for n in counts]
    ax.plot(counts, power, "o-", label=f"80% against {q:.0%}")
ax.axhline(0.8, color="C7", ls="--")
ax.set(xlabel="questions per model", ylabel="chance to see the difference")
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:figure]
