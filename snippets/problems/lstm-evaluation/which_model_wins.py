# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "tensorflow~=2.21.0",
#     "matplotlib",
#     "numpy",
#     "pandas",
#     "statsmodels",
# ]
# ///
"""A linear autoregression beats the LSTM; 44 overlapping windows say little about by how much."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import statsmodels.api as sm
import tensorflow as tf
from statsmodels.tsa.holtwinters import ExponentialSmoothing

WINDOW, HORIZON, SEEDS = 24, 12, (0, 1, 2)
weekly = sm.datasets.co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean().interpolate()  # (526,) ppm
months, series = monthly.index, monthly.to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
past, future = windows[:, :WINDOW], windows[:, WINDOW:]  # (491, 24), (491, 12)
last, first = past[:, -1:], np.arange(len(past))
end = first + WINDOW + HORIZON  # one past the last month of a window
train, validation, test = end <= cut1, (first >= cut1) & (end <= cut2), first >= cut2
scale = (past - last)[train].std()  # ppm
inputs = ((past - last) / scale).astype("float32")  # (491, 24)
targets = ((future - last) / scale).astype("float32")  # (491, 12)


def error(forecast, part):
    return float(np.abs(forecast - future)[..., part, :].mean())


# --8<-- [end:data]


# --8<-- [start:baselines]
rows = np.c_[inputs, np.ones(len(inputs))]  # (491, 25)
coefficients = np.linalg.lstsq(rows[train], targets[train])[0]  # (25, 12)
forecasts = {
    "last reading": np.repeat(last, HORIZON, axis=1),
    "last year": past[:, -12:],
    "last year + yearly rise": past[:, -12:] + last - past[:, -13:-12],
    "linear autoregression": last + scale * rows @ coefficients,
}
# --8<-- [end:baselines]


# --8<-- [start:holt_winters]
def holt_winters(series, **start):
    kind = {"trend": "add", "seasonal": "add", "seasonal_periods": 12}
    return ExponentialSmoothing(series, **kind, **start)


fitted = holt_winters(series[:cut1]).fit().params  # (1)!
smoothing = ("smoothing_level", "smoothing_trend", "smoothing_seasonal")
start = {
    "initialization_method": "known",
    "initial_level": fitted["initial_level"],
    "initial_trend": fitted["initial_trend"],
    "initial_seasonal": fitted["initial_seasons"],
}
forecasts["Holt-Winters"] = np.full_like(future, np.nan)
for n in np.flatnonzero(validation | test):
    model = holt_winters(series[: first[n] + WINDOW], **start)
    model = model.fit(optimized=False, **{name: fitted[name] for name in smoothing})
    forecasts["Holt-Winters"][n] = model.forecast(HORIZON)


print(f"{'MAE in ppm':24} validation  test")
for name, forecast in forecasts.items():
    print(f"{name:24} {error(forecast, validation):10.3f} {error(forecast, test):5.3f}")
naive_error = error(forecasts["last year + yearly rise"], test)
linear_error = error(forecasts["linear autoregression"], test)
winters_error = error(forecasts["Holt-Winters"], test)
# --8<-- [end:holt_winters]


# --8<-- [start:lstm]
def train_lstm(seed, epochs=20, batch=32):
    tf.keras.utils.set_random_seed(seed)
    x, y = tf.constant(inputs[train, :, None]), tf.constant(targets[train])
    layers = [tf.keras.layers.LSTM(32), tf.keras.layers.Dense(HORIZON)]
    model = tf.keras.Sequential([tf.keras.Input((WINDOW, 1)), *layers])
    steps = epochs * len(x) // batch
    rate = tf.keras.optimizers.schedules.CosineDecay(0.02, steps)
    adam = tf.keras.optimizers.Adam(rate)
    adam.build(model.trainable_variables)

    @tf.function  # One call for all steps: Python does not wait for each.
    def fit(batches):  # (steps, batch), row numbers
        for rows in batches:
            with tf.GradientTape() as tape:
                missed = model(tf.gather(x, rows)) - tf.gather(y, rows)
                loss = tf.reduce_mean(missed**2)
            adam.apply(tape.gradient(loss, model.trainable_variables))

    shuffled = [np.random.permutation(len(x)) for _ in range(epochs)]
    fit(np.concatenate(shuffled)[: steps * batch].reshape(steps, batch))
    return last + scale * model(inputs[..., None]).numpy()


# --8<-- [end:lstm]


# --8<-- [start:winner]
def by_horizon(forecast):
    return np.abs(forecast - future)[..., test, :].mean(axis=-2)  # (..., 12)


runs = []
for seed in SEEDS:
    runs.append(train_lstm(seed))
    on_validation, on_test = (error(runs[-1], part) for part in (validation, test))
    print(f"LSTM, seed {seed} {on_validation:22.3f} {on_test:5.3f}")
    assert linear_error + 0.01 < on_test < 0.8 * naive_error
    assert by_horizon(runs[-1])[11] > 2 * by_horizon(runs[-1])[0]
runs = np.stack(runs)  # (3, 491, 12)
lstm_errors = np.array([error(run, test) for run in runs])
spread = np.ptp(lstm_errors)
print(f"LSTM: {lstm_errors.mean():.3f} ppm, largest minus smallest {spread:.3f}")
linear_missed = np.abs(forecasts["linear autoregression"] - future).mean(axis=-1)
behind = (np.abs(runs - future).mean(axis=(0, 2)) - linear_missed)[test]  # (44,)
by_start = [behind[start::HORIZON].mean() for start in range(HORIZON)]
print(f"LSTM minus linear, all windows: {behind.mean():.3f} ppm")
print(f"one window a year: {min(by_start):.3f} to {max(by_start):.3f} ppm")
# --8<-- [end:winner]


# --8<-- [start:forecast_figure]
plt.figure(figsize=(6.4, 3.4), layout="constrained")
test_months = slice(first[test][0], None)
plt.plot(months[test_months], series[test_months], "C7", label="measured")
for n in np.flatnonzero(test)[::HORIZON]:
    ahead = months[first[n] + WINDOW : end[n]]
    plt.plot(
        ahead, forecasts["last year + yearly rise"][n], "C0--", label="last year + yearly rise"
    )
    plt.plot(ahead, runs[0, n], "C1", label="LSTM, seed 0")
    plt.axvline(ahead[0], color="C7", linewidth=0.5)
handles, labels = plt.gca().get_legend_handles_labels()
plt.legend(handles[:3], labels[:3])
plt.xlabel("month (a thin line marks each forecast's start)")
plt.ylabel("CO2 (ppm)")
plt.show()
# --8<-- [end:forecast_figure]


# --8<-- [start:horizon_figure]
horizon = np.arange(1, HORIZON + 1)
plt.figure(figsize=(6.4, 3.4), layout="constrained")
for name in ("last year + yearly rise", "linear autoregression", "Holt-Winters"):
    plt.plot(horizon, by_horizon(forecasts[name]), label=name)
lstm_by_horizon = by_horizon(runs)  # (3, 12)
lowest, highest = lstm_by_horizon.min(axis=0), lstm_by_horizon.max(axis=0)
plt.fill_between(horizon, lowest, highest, color="C3", alpha=0.6, label="LSTM")
plt.xlabel("months ahead")
plt.ylabel("mean absolute error (ppm)")
plt.legend()
plt.show()
for ahead in (1, 6, 12):
    lstm = lstm_by_horizon[:, ahead - 1].mean()
    linear = by_horizon(forecasts["linear autoregression"])[ahead - 1]
    print(f"{ahead:2} months ahead: LSTM {lstm:.2f}, linear {linear:.2f} ppm")
# --8<-- [end:horizon_figure]
