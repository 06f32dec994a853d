# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "statsmodels"]
# ///
"""Starter: the data, the split and the score are ready; write the forecast."""

# --8<-- [start:data]
import numpy as np
import statsmodels.api as sm

WINDOW, HORIZON = 24, 12
weekly = sm.datasets.co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean()  # (526,) ppm
months, series = monthly.index, monthly.interpolate().to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
print(len(series), "months,", monthly.isna().sum(), "filled in")
assert np.flatnonzero(monthly.isna()).max() < cut1
# --8<-- [end:data]

# --8<-- [start:split]
windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
past, future = windows[:, :WINDOW], windows[:, WINDOW:]  # (491, 24), (491, 12)
first = np.arange(len(windows))  # index of the first month of a window
end = first + WINDOW + HORIZON  # one past the last
parts = {
    "train": end <= cut1,
    "validation": (first >= cut1) & (end <= cut2),
    "test": first >= cut2,
}
for name, part in parts.items():
    begins, stops = months[first[part][0]], months[end[part][-1] - 1]
    print(f"{name:10} {part.sum():3} windows {begins:%Y-%m} to {stops:%Y-%m}")
# --8<-- [end:split]


# --8<-- [start:forecast]
def forecast(past):
    """Past (n, 24) in ppm to the next twelve months (n, 12) in ppm."""
    return np.repeat(past[:, -1:], HORIZON, axis=1)  # Write your model here.


FINAL = False  # True once, at the very end: scores the test part.
part = parts["test" if FINAL else "validation"]
before, after = past[part], future[part]
naive = before[:, -12:] + before[:, -1:] - before[:, -13:-12]
naive_error = np.abs(naive - after).mean()
your_error = np.abs(forecast(before) - after).mean()
print("scored on", "test" if FINAL else "validation")
print(f"last year + yearly rise: {naive_error:.3f} ppm")
print(f"your forecast:           {your_error:.3f} ppm")
if FINAL:  # Stops the program if the requirement is missed.
    assert your_error <= 0.8 * naive_error, "not a fifth better"
# --8<-- [end:forecast]
