# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scikit-learn", "scipy"]
# ///
"""A judge that errs shrinks the gap and adds disagreement: you need more questions."""

# --8<-- [start:inputs]
import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score

right = 0.80  # the old version's share of right answers
gap = 0.05  # what you must be able to see
disagree = 0.10  # questions that one version gets right and the other wrong
budget = 626  # questions that you can have judged
Z = stats.norm.ppf(0.975)
# --8<-- [end:inputs]


# --8<-- [start:kappa]
def kappa(table):
    """Cohen's kappa of a table of counts: judge A down, judge B across."""
    share = table / table.sum()
    agree = np.trace(share)
    chance = share.sum(axis=1) @ share.sum(axis=0)
    return agree, (agree - chance) / (1 - chance)


def two_judges(error, right=right):
    """Shares of (A says, B says) when each errs on its own."""
    says_right = np.array([1 - error, error])  # of a right answer
    says_wrong = says_right[::-1]
    return right * np.outer(says_right, says_right) + (1 - right) * np.outer(says_wrong, says_wrong)


blind = np.outer([0.95, 0.05], [0.95, 0.05])  # 'right' 95% of the time, unread
for name, table in (("never read", blind), ("each errs 5%", two_judges(0.05))):
    agree, k = kappa(table)
    print(f"{name:13s} agree on {agree:.1%}, kappa {k:.2f}")
blind_agree, blind_kappa = kappa(blind)
assert blind_agree > 0.9 and abs(blind_kappa) < 1e-9
rng = np.random.default_rng(0)
truth = rng.random(100_000) < right
a, b = (truth ^ (rng.random(truth.size) < 0.05) for _ in range(2))
assert abs(cohen_kappa_score(a, b) - kappa(two_judges(0.05))[1]) < 0.01
# --8<-- [end:kappa]


# --8<-- [start:questions]
def seen(error, gap=gap, disagree=disagree):
    """Gap and disagreement as one judge sees them, errors independent."""
    flips = 2 * error * (1 - error)  # exactly one of two verdicts is wrong
    return gap * (1 - 2 * error), disagree + flips * (1 - 2 * disagree)


def needed(error, power=0.8, **world):
    """Paired questions (McNemar) that show the gap through this judge."""
    gap, disagree = seen(error, **world)
    root = Z * np.sqrt(disagree)
    root += stats.norm.ppf(power) * np.sqrt(disagree - gap**2)
    return int(np.ceil((root / gap) ** 2))


print("each verdict wrong | two judges differ | kappa | questions")
for error in (0, 0.01, 0.025, 0.05, 0.10, 0.20):
    agree, k = kappa(two_judges(error))
    print(f"{error:18.1%} | {1 - agree:17.1%} | {k:5.2f} | {needed(error):9d}")
assert needed(0.05) > 2 * needed(0)
# --8<-- [end:questions]


# --8<-- [start:simulate]
def finds(error, n, runs=16_000):
    """How often the paired interval lies above 0, verdict by verdict."""
    win, lose = (disagree + gap) / 2, (disagree - gap) / 2
    u = rng.random((runs, n), "f")
    old = u < right  # (runs, questions)
    new = np.where(old, u >= lose, u < right + win)
    old, new = (x ^ (rng.random((runs, n), "f") < error) for x in (old, new))
    d = new.astype(int) - old
    half = Z * d.std(axis=1) / np.sqrt(n)
    return np.mean(d.mean(axis=1) - half > 0)


power = {e: finds(e, needed(0)) for e in (0, 0.025, 0.05)}
for error, p in power.items():
    print(f"{needed(0)} questions, verdicts {error:.1%} wrong", end=": ")
    print(f"5 points seen {p:.0%} of the time")
enough = finds(0.05, needed(0.05))
print(f"{needed(0.05)} questions, verdicts 5.0% wrong: {enough:.0%}")
assert power[0] > 0.77 and power[0.05] < 0.55
assert 0.77 < enough < 0.84
# --8<-- [end:simulate]


# --8<-- [start:decision]
def judge_will_do(error, budget=budget, **world):
    """Yes when the questions this judge needs are questions you have."""
    return needed(error, **world) <= budget


def most_error(budget, **world):
    """The error at which the answer turns to no, to a tenth of a percent."""
    errors = np.arange(0, 0.4, 0.001)
    allowed = [e for e in errors if judge_will_do(e, budget, **world)]
    return allowed[-1] if allowed else None


limit = most_error(budget)
limit_agree, limit_kappa = kappa(two_judges(limit))
assert judge_will_do(limit) and not judge_will_do(limit + 0.002)
for name, b, world in (
    (f"{budget} questions", budget, {}),
    ("half as many", budget // 2, {}),
    ("twice as many", 2 * budget, {}),
    ("a gap of 3 points", budget, dict(gap=0.03)),
    ("disagree on 20%", budget, dict(disagree=0.20)),
):
    most = most_error(b, **world)
    text = "no judge will do" if most is None else f"up to {most:.1%} wrong"
    print(f"{name:18s} {text}")
assert most_error(budget, gap=0.03) is None
# The same errors and one more input: kappa falls with the share of right answers.
high = kappa(two_judges(limit, right=0.97))
print(f"the same judge where 97% is right: kappa {high[1]:.2f}", end=", ")
print(f"agreement {high[0]:.1%}; where 80% is right: {limit_kappa:.2f}")
assert high[1] < limit_kappa - 0.2 and abs(high[0] - limit_agree) < 1e-9
# --8<-- [end:decision]
