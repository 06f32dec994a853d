# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scipy"]
# ///
"""The thresholds that this page takes from its chapters, checked another way."""

# --8<-- [start:thresholds]
import numpy as np
from scipy import stats

Z = stats.norm.ppf(0.975)


def questions(gap, differ, power=0.8):
    """Paired questions that show a gap when the two differ on this share."""
    root = Z * np.sqrt(differ)
    root += stats.norm.ppf(power) * np.sqrt(differ - gap**2)
    return int(np.ceil((root / gap) ** 2))


def chance(n, gap, differ):
    """Chance that the paired interval lies above 0, every outcome weighted."""
    k = np.arange(n + 1)[:, None]  # questions on which the two differ
    wins = np.arange(n + 1)[None, :]
    lead = 2 * wins - k
    clear = lead > Z * np.sqrt(np.maximum(k - lead**2 / n, 0))
    share = stats.binom.pmf(wins, k, (differ + gap) / (2 * differ))
    return float((stats.binom.pmf(k, n, differ) * share * (clear & (wins <= k))).sum())


first, often, today = (questions(0.05, d) for d in (0.10, 0.20, 0.29))
rare = questions(0.10, 0.20)
for n, gap, differ in ((first, 0.05, 0.10), (today, 0.05, 0.29), (rare, 0.10, 0.20)):
    print(f"{n} questions, {gap:.0%} apart, differing on {differ:.0%}", end=": ")
    print(f"seen {chance(n, gap, differ):.0%} of the time")
    assert 0.77 < chance(n, gap, differ) < 0.84

# Pilots: the smallest k that stops a market at break-even, then the smallest n.
bad, good = 1_000 / (350 * 12), 0.60
for pilots in range(1, 100):
    stop_at = int(stats.binom.ppf(0.90, pilots, bad))
    killed = stats.binom.cdf(stop_at, pilots, good)
    if killed <= 0.10:
        break
kept = stats.binom.sf(stop_at, pilots, bad)
print(f"{pilots} pilots, stop at {stop_at}: {killed:.1%} stopped, {kept:.1%} kept")
assert max(killed, kept) <= 0.10

# Own GPUs: one bill for each number of GPUs, up to the traffic they carry.
hour, people, api = 3.99, 4_000, 0.2304  # US$; api: a thousand requests
carries, peak, spare = 32.26, 3, 1  # requests a second; times; GPUs
per_gpu = carries / peak * 3.6 * 730 * api  # API bill of what one GPU serves
steps = [(n * per_gpu, (n + spare) * 730 * hour + people) for n in range(1, 100)]
# On each step of the own bill, where does 1.5 times that bill lie?
late = [min(1.5 * own, end) for end, own in steps if end - per_gpu < 1.5 * own]
safe = max(late)


def dear(bill):
    """True if this API bill is 1.5 times the own bill for the same traffic."""
    n = int(np.ceil(bill / per_gpu))
    return bill >= 1.5 * steps[n - 1][1]


print(f"API 1.5 times as dear for good from {safe:,.0f} dollars a month")
above = np.linspace(1.001 * safe, steps[-1][0], 2_000)
assert all(dear(bill) for bill in above)
assert not dear(0.999 * safe)
below = np.linspace(0.5 * safe, 0.999 * safe, 2_000)
assert any(dear(bill) for bill in below)  # near the end of some steps, too
# --8<-- [end:thresholds]
