# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scipy"]
# ///
"""Which interval decides, and how many questions it takes to decide."""

# --8<-- [start:intervals]
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
for n in (20, 50, 200, 1000):
    low, high = wilson(0.8 * n, n)
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
for p in (0.80, 0.90, 0.98, 0.9965):
    row = [coverage(method, 50, p) for method in (wald, wilson, exact)]
    print(f"true {p:.2%}: Wald {row[0]:.1%}", end=", ")
    print(f"Wilson {row[1]:.1%}, exact {row[2]:.1%}")
worst_wald, late_wilson = coverage(wald, 50, 0.98), coverage(wilson, 50, 0.9965)
grid = np.arange(0.5, 0.99, 0.01)
assert min(coverage(wilson, 50, p) for p in grid) > 0.90
assert worst_wald < 0.70 and late_wilson < 0.85
assert min(coverage(exact, 50, p) for p in (*grid, 0.9965)) >= 0.95
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


def swap_size(margin, disagree, power=0.8):
    """Questions to show that an equal model is not worse by margin."""
    z = Z + stats.norm.ppf(power)
    return int(np.ceil(z**2 * disagree / margin**2))


paired = {d: paired_size(0.05, d) for d in (0.10, 0.20, 0.29)}
for disagree, n in paired.items():
    print(f"disagreeing on {disagree:.0%}: {n} to see 5 points", end=", ")
    print(f"{swap_size(0.02, disagree)} to rule out a loss of 2")
assert paired[0.10] < n_separate / 2 < paired[0.20] < n_separate < paired[0.29]
# --8<-- [end:paired]


# --8<-- [start:rules]
def paired_interval(wins, losses, n):
    """95% interval of the difference; wins: only the new one is right."""
    gap = (wins - losses) / n
    half = Z * np.sqrt(wins + losses - (wins - losses) ** 2 / n) / n
    return gap - half, gap + half


rng, trials, questions = np.random.default_rng(0), 200_000, paired[0.10]


def verdicts(gap, disagree):
    """How often each rule says yes; the new model is better by gap."""
    win, lose = (disagree + gap) / 2, (disagree - gap) / 2
    chances = (win, lose, 0.80 - lose, 0.20 - win)  # the old one has 80%
    draws = rng.multinomial(questions, chances, trials)
    wins, losses, both, _ = draws.T  # (trials,)
    new, old = (both + wins) / questions, (both + losses) / questions
    low, high = paired_interval(wins, losses, questions)
    old_low, old_high = wilson(old * questions, questions)
    new_low, _ = wilson(new * questions, questions)
    rules = {
        "paired interval above 0": low > 0,
        "each outside the other's": (new > old_high) & (old < new_low),
        "intervals do not overlap": new_low > old_high,
        "new inside the old's": (old_low <= new) & (new <= old_high),
        "paired interval holds 0": (low <= 0) & (0 <= high),
        "paired interval above -2": low > -0.02,
    }
    return {rule: yes.mean() for rule, yes in rules.items()}


worlds = {  # gain, share of questions on which the two disagree
    "+5, 10%": (0.05, 0.10),
    "+5, 29%": (0.05, 0.29),
    "equal, 10%": (0, 0.10),
    "equal, 29%": (0, 0.29),
    "-5, 10%": (-0.05, 0.10),
}
yes = {world: verdicts(*numbers) for world, numbers in worlds.items()}
print(f"{questions} questions{'':14s}", *(f"{w:>10s}" for w in worlds))
for rule in yes["-5, 10%"]:
    print(f"{rule:27s}", *(f"{yes[w][rule]:10.1%}" for w in worlds))
# --8<-- [end:rules]

# --8<-- [start:decision]
gain, swap = "paired interval above 0", "paired interval above -2"
inside_old, holds_zero = "new inside the old's", "paired interval holds 0"
outside = "each outside the other's"
assert yes["+5, 10%"][gain] > 0.78 and yes["+5, 29%"][gain] < 0.45
assert max(yes["equal, 10%"][gain], yes["equal, 29%"][gain]) < 0.03
assert yes["equal, 10%"][outside] < 0.01 < 0.05 < yes["equal, 29%"][outside]
assert yes["+5, 10%"]["intervals do not overlap"] < 0.05
# "No gap" would ship a model that is five points worse; the margin does not.
worse = yes["-5, 10%"]
assert worse[inside_old] > 0.4 and worse[swap] < 0.01
assert yes["equal, 10%"][swap] < 0.25  # an equal model needs more questions:
more = swap_size(0.02, 0.10)
wins, losses, _ = rng.multinomial(more, (0.05, 0.05, 0.90), trials).T
passed = np.mean(paired_interval(wins, losses, more)[0] > -0.02)
print(f"with {more} questions an equal model passes {passed:.0%} of the time")
assert 0.78 < passed < 0.84
# --8<-- [end:decision]


# --8<-- [start:sources]
def false_alarms(sources, each, gain=0.0, lean=0.06, runs=30_000):
    """Equal on average, unless there is a gain; each source leans by chance."""
    lead = rng.normal(gain, lean, (runs, sources, 1))  # of the new one, by source
    differ = np.maximum(0.10, np.abs(lead))  # a lead of 15% needs 15% that differ
    draw = rng.random((runs, sources, each), "f")
    gap = (draw < (differ + lead) / 2) * 1.0 - (draw > 1 - (differ - lead) / 2)
    alarms = []
    for sample in (gap.reshape(runs, -1), gap.mean(axis=2)):
        n = sample.shape[1]  # questions, then sources
        error = sample.std(axis=1, ddof=1) / np.sqrt(n)
        far = np.abs(sample.mean(axis=1)) > stats.t.ppf(0.975, n - 1) * error
        alarms.append(far.mean())
    return alarms


alarm = {}
for sources, each in ((3, 104), (39, 8)):
    alarm[sources] = by_question, by_source = false_alarms(sources, each)
    print(f"{sources:2d} sources with {each} questions each", end=": ")
    print(f"false alarms {by_question:.0%} by question", end=", ")
    print(f"{by_source:.0%} by source")
assert alarm[3][0] > 0.25 and max(alarm[3][1], alarm[39][1]) < 0.09
assert alarm[39][0] < alarm[3][0] / 3  # more sources, less harm
found = false_alarms(39, 8, gain=0.05)[1]
level = false_alarms(39, 8, gain=0.05, lean=0)[1]
print("39 sources, a gain of 5 points found by source:", end=" ")
print(f"{found:.0%}, without a lean {level:.0%}")
assert 0.64 < found < 0.71 < 0.77 < level
# --8<-- [end:sources]

# --8<-- [start:peeking]
looks, batch, trials = 9, 100, 40_000
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
