# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "scipy", "statsmodels"]
# ///
"""44 overlapping windows look like 44 results; one forecast a year leaves four."""

# --8<-- [start:data]
import numpy as np
import statsmodels.api as sm
from scipy import stats

WINDOW, HORIZON = 24, 12
weekly = sm.datasets.co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean().interpolate()
months, series = monthly.index, monthly.to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
past, future = windows[:, :WINDOW], windows[:, WINDOW:]  # (491, 24), (491, 12)
last, first = past[:, -1:], np.arange(len(past))
end = first + WINDOW + HORIZON
rows = np.c_[past - last, np.ones(len(past))]  # (491, 25)
naive = past[:, -12:] + last - past[:, -13:-12]


def linear(train):
    return last + rows @ np.linalg.lstsq(rows[train], (future - last)[train])[0]


def gain(forecast):
    """How much closer than the naive forecast, in ppm, for each window."""
    missed, naive_missed = (np.abs(f - future).mean(axis=1) for f in (forecast, naive))
    return naive_missed - missed  # (491,)


# --8<-- [end:data]


# --8<-- [start:overlap]
def interval(values):
    """95% for the mean, if the values were independent."""
    t = stats.t.ppf(0.975, len(values) - 1)
    half = t * values.std(ddof=1) / len(values) ** 0.5
    return values.mean() - half, values.mean() + half


gains = gain(linear(end <= cut1))[first >= cut2]  # (44,)
low, high = interval(gains)
neighbours = np.corrcoef(gains[:-1], gains[1:])[0, 1]
print(f"linear, {len(gains)} windows: gain {gains.mean():.2f} ppm", end=", ")
print(f"as if independent {low:.2f} to {high:.2f}")
print(f"correlation of neighbouring windows: {neighbours:.2f}")
by_start = [interval(gains[start::HORIZON]) for start in range(HORIZON)]
above_zero = sum(low > 0 for low, _ in by_start)
print(f"one window a year: the interval is above zero for {above_zero} of 12 starts")
assert low > 0.05 and above_zero <= 3
# --8<-- [end:overlap]

# --8<-- [start:origins]
by_year = []
for year in range(1975, 2001):  # Fit on all that has ended, forecast the year.
    cut = months.get_loc(f"{year}-01-01")
    by_year.append(gain(linear(end <= cut))[cut - WINDOW])
by_year = np.array(by_year)  # (26,)
year_low, year_high = interval(by_year)
ahead = int((by_year > 0).sum())
print(f"{len(by_year)} years: gain {by_year.mean():.2f} ppm", end=", ")
print(f"interval {year_low:.2f} to {year_high:.2f}; ahead in {ahead}")
print(f"correlation of neighbouring years: {np.corrcoef(by_year[:-1], by_year[1:])[0, 1]:.2f}")
assert year_low < -0.02 < 0.02 < year_high
# --8<-- [end:origins]
