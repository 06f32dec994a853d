# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Labels behind a screen measure what the screen sees; weights mend it, at a price."""

# --8<-- [start:inputs]
import numpy as np

records, prevalence, recall, false_alarms = 100_000, 0.005, 0.80, 0.02
wrong_seen, wrong_missed = 0.10, 0.70  # the product, on rare cases: flagged, missed
line = 0.15  # ship below this share of rare cases wrong; all of these are assumptions
label, scan, build = 2, 0.23, 3_000  # US$; scan: a thousand records through the screen

rare = records * prevalence
seen, missed = rare * recall, rare * (1 - recall)
flagged = seen + (records - rare) * false_alarms
passed = records - flagged  # never looked at
log_factorial = np.r_[0, np.cumsum(np.log(np.arange(1, 20_001)))]


def binomial(k, n, p):
    """Chance of k in n draws at p, for whole arrays; n up to 20,000."""
    ways = log_factorial[n] - log_factorial[k] - log_factorial[np.maximum(n - k, 0)]
    return np.where(k <= n, np.exp(ways + k * np.log(p) + (n - k) * np.log1p(-p)), 0)


# --8<-- [end:inputs]


# --8<-- [start:bias]
def true_error(recall, wrong_missed):
    """Share of all rare cases that the product gets wrong."""
    return recall * wrong_seen + (1 - recall) * wrong_missed


truth = true_error(recall, wrong_missed)
print(f"rare cases wrong: {wrong_seen:.0%} of the flagged, {truth:.0%} of all")
for n in (50, 100, 400):
    ships = binomial(np.arange(np.ceil(line * n), dtype=int), n, wrong_seen).sum()
    print(f"{n:4d} flagged rare labels: ships {ships:.1%}")
assert wrong_seen < line < truth and ships > 0.99  # more labels, surer, still wrong
flip_missed = (line - recall * wrong_seen) / (1 - recall)
flip_recall = (wrong_missed - line) / (wrong_missed - wrong_seen)
print(f"misleads if over {flip_missed:.0%} of the missed are wrong,")
print(f"or, at {wrong_missed:.0%}, if recall is below {flip_recall:.1%}")
assert np.isclose(true_error(recall, flip_missed), line)
assert np.isclose(true_error(flip_recall, wrong_missed), line)
# --8<-- [end:bias]

# --8<-- [start:weights]
one_in = passed / missed  # records that passed, for one rare case among them


def says_no(m, wrong_missed=wrong_missed):
    """Chance that the weighted estimate is at or above the line, all flagged labelled.

    Args: m records that passed, drawn at random and labelled, weigh passed / m each.
    """
    found = np.arange(100)  # with more than 20,000 draws there could be more
    wrong = np.arange(found.size)[:, None]
    weight = passed / m
    estimate = (seen * wrong_seen + weight * wrong) / (seen + weight * found)
    chance = binomial(wrong, found, wrong_missed) * binomial(found, m, 1 / one_in)
    return chance[estimate >= line].sum()


right = {m: says_no(m) for m in range(500, 20_001, 500)}
enough = max(m for m, chance in right.items() if chance < 0.90) + 500
assert right[2_000] < 0.80 and flagged < enough < 20_000
print(f"one rare case in {one_in:,.0f} records that passed")
for m in (500, 2_000, enough):
    print(f"{m:6,} of them labelled: the right no {right[m]:.0%}")
bill = build + scan * records / 1_000 + label * (flagged + enough)
print(f"US$ {bill:,.0f} in all, {bill / seen:.0f} for each flagged rare case")
assert 3 * label * flagged < bill < seen * label / prevalence / 4  # dearer, and still cheap

rng = np.random.default_rng(0)
m, weight = enough, passed / enough
found = rng.binomial(m, 1 / one_in, 200_000)
wrong = rng.binomial(found, wrong_missed)
total = seen * wrong_seen + weight * wrong  # rare cases wrong
assert abs(total.mean() / (rare * truth) - 1) < 0.01  # the weighted count has no bias
estimate = total / (seen + weight * found)
drawn = np.mean(estimate >= line)
assert abs(drawn - says_no(m)) < 0.005
false_no = says_no(m, wrong_missed=wrong_seen)
print(f"drawn {drawn:.1%}; missed no harder: a wrong no {false_no:.1%}")
assert false_no < 0.10
# --8<-- [end:weights]
