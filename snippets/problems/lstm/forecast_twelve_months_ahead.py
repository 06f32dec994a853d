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
"""An LSTM beats last year plus the yearly rise; linear autoregression beats both."""

# --8<-- [start:data]
import matplotlib.pyplot as plt
import numpy as np
import statsmodels.api as sm
import tensorflow as tf
from statsmodels.tsa.holtwinters import ExponentialSmoothing

WINDOW, HORIZON, SEEDS = 24, 12, (0, 1, 2)
weekly = sm.datasets.co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean()  # (526,) ppm
months, series = monthly.index, monthly.interpolate().to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
# Interpolation looks one reading ahead, so no gap may lie near a cut.
assert np.flatnonzero(monthly.isna()).max() + 1 < cut1
# --8<-- [end:data]


# --8<-- [start:windows]
def make_windows(series):
    windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
    return windows[:, :WINDOW], windows[:, WINDOW:]  # (n, 24), (n, 12)


def split(first, end):
    """Whole windows only: the 35 that cross a cut belong to no part."""
    return {
        "train": end <= cut1,
        "validation": (first >= cut1) & (end <= cut2),
        "test": first >= cut2,
    }


past, future = make_windows(series)
first = np.arange(len(past))  # first month of a window
end = first + WINDOW + HORIZON  # one past its last month
parts = split(first, end)
dropped = len(past) - sum(part.sum() for part in parts.values())
print({name: int(part.sum()) for name, part in parts.items()}, "dropped", dropped)
# --8<-- [end:windows]


# --8<-- [start:scale]
def fit_scale(past, is_train):
    """One number from the training windows: the size of a typical change."""
    return float((past - past[:, -1:])[is_train].std())


def to_inputs(past, scale):
    change = (past - past[:, -1:]) / scale
    return change[..., None].astype("float32")  # (n, 24, 1)


last = past[:, -1:]  # (n, 1)
scale = fit_scale(past, parts["train"])
inputs = to_inputs(past, scale)
targets = ((future - last) / scale).astype("float32")  # (n, 12)
print(f"typical change within a window: {scale:.2f} ppm")
# --8<-- [end:scale]


# --8<-- [start:baselines]
def to_rows(inputs):
    return np.c_[inputs[..., 0], np.ones(len(inputs))]  # (n, 25)


train = parts["train"]
coefficients = np.linalg.lstsq(to_rows(inputs[train]), targets[train])[0]  # (25, 12)
forecasts = {
    "last reading": np.repeat(last, HORIZON, axis=1),
    "last year": past[:, -12:],
    "last year + yearly rise": past[:, -12:] + last - past[:, -13:-12],
    "linear autoregression": last + scale * to_rows(inputs) @ coefficients,
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
for n in np.flatnonzero(parts["validation"] | parts["test"]):
    model = holt_winters(series[: first[n] + WINDOW], **start)
    model = model.fit(optimized=False, **{name: fitted[name] for name in smoothing})
    forecasts["Holt-Winters"][n] = model.forecast(HORIZON)
# --8<-- [end:holt_winters]


# --8<-- [start:model]
def build_model():
    return tf.keras.Sequential(
        [
            tf.keras.Input((WINDOW, 1)),  # 24 steps of one feature
            tf.keras.layers.LSTM(32),
            tf.keras.layers.Dense(HORIZON),
        ]
    )


def train_lstm(seed, past, future, build=build_model, epochs=20, batch=32):
    """Sees these windows and no others; returns the model and its forecast."""
    tf.keras.utils.set_random_seed(seed)
    model = build()
    x = tf.constant(to_inputs(past, scale))
    y = tf.constant(((future - past[:, -1:]) / scale).astype("float32"))
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

    def forecast(past):  # (n, 24) to (n, 12), both in ppm
        return past[:, -1:] + scale * model(to_inputs(past, scale)).numpy()

    return model, forecast


# --8<-- [end:model]


# --8<-- [start:train]
trained = [train_lstm(seed, past[train], future[train]) for seed in SEEDS]
runs = np.stack([forecast(past) for _, forecast in trained])  # (3, n, 12)


def error(forecast, part):
    return float(np.abs(forecast - future)[..., part, :].mean())


test, validation = parts["test"], parts["validation"]
print(f"{'MAE in ppm':24} validation  test")
for name, forecast in forecasts.items():
    print(f"{name:24} {error(forecast, validation):10.3f} {error(forecast, test):5.3f}")
for seed, run in zip(SEEDS, runs, strict=True):
    print(f"LSTM, seed {seed} {error(run, validation):22.3f} {error(run, test):5.3f}")
# --8<-- [end:train]

# --8<-- [start:claim]
naive = forecasts["last year + yearly rise"]
naive_error = error(naive, test)
lstm_errors = np.array([error(run, test) for run in runs])
gain = 1 - lstm_errors / naive_error
spread = np.ptp(lstm_errors)
print(f"LSTM: {lstm_errors.mean():.3f} ppm, largest minus smallest {spread:.3f}")
print(f"gain over last year + yearly rise: {gain.min():.0%} to {gain.max():.0%}")
validation_gain = 1 - error(runs, validation) / error(naive, validation)
print(f"the same gain on validation: {validation_gain:.0%}")
assert gain.min() >= 0.20
# --8<-- [end:claim]

# --8<-- [start:winner]
linear_error = error(forecasts["linear autoregression"], test)
winters_error = error(forecasts["Holt-Winters"], test)
by_window = np.abs(runs - future).mean(axis=-1)[:, test]  # (3, 44)
linear_by_window = np.abs(forecasts["linear autoregression"] - future).mean(axis=-1)
lstm_wins = (by_window.mean(axis=0) < linear_by_window[test]).sum()
print(f"linear autoregression {linear_error:.3f}, Holt-Winters {winters_error:.3f} ppm")
print(f"the LSTM is closer than the linear one in {lstm_wins} of {test.sum()} windows")
assert linear_error + 0.01 < lstm_errors.min()
# --8<-- [end:winner]

# --8<-- [start:forecast_figure]
plt.figure(figsize=(6.4, 3.4), layout="constrained")
test_months = slice(first[test][0], None)
plt.plot(months[test_months], series[test_months], "C7", label="measured")
for n in np.flatnonzero(test)[::HORIZON]:
    ahead = months[first[n] + WINDOW : end[n]]
    plt.plot(ahead, naive[n], "C0--", label="last year + yearly rise")
    plt.plot(ahead, runs[0, n], "C1", label="LSTM, seed 0")
    plt.axvline(ahead[0], color="C7", linewidth=0.5)
handles, labels = plt.gca().get_legend_handles_labels()
plt.legend(handles[:3], labels[:3])
plt.xlabel("month (a thin line marks each forecast's start)")
plt.ylabel("CO2 (ppm)")
plt.show()
# --8<-- [end:forecast_figure]


# --8<-- [start:horizon_figure]
def error_by_horizon(forecast):
    return np.abs(forecast - future)[..., test, :].mean(axis=-2)  # (..., 12)


horizon = np.arange(1, HORIZON + 1)
plt.figure(figsize=(6.4, 3.4), layout="constrained")
for name in ("last year + yearly rise", "linear autoregression", "Holt-Winters"):
    plt.plot(horizon, error_by_horizon(forecasts[name]), label=name)
lstm_by_horizon = error_by_horizon(runs)  # (3, 12)
lowest, highest = lstm_by_horizon.min(axis=0), lstm_by_horizon.max(axis=0)
plt.fill_between(horizon, lowest, highest, color="C3", alpha=0.6, label="LSTM")
plt.xlabel("months ahead")
plt.ylabel("mean absolute error (ppm)")
plt.legend()
plt.show()
for ahead in (1, 6, 12):
    lstm = lstm_by_horizon[:, ahead - 1].mean()
    linear = error_by_horizon(forecasts["linear autoregression"])[ahead - 1]
    print(f"{ahead:2} months ahead: LSTM {lstm:.2f}, linear {linear:.2f} ppm")
assert (lstm_by_horizon[:, -1] > 1.5 * lstm_by_horizon[:, 0]).all()
# --8<-- [end:horizon_figure]


# --8<-- [start:tests]
def test_no_month_is_in_two_parts(solution):
    used = [
        {month for n in np.flatnonzero(part) for month in range(first[n], end[n])}
        for part in solution["split"](first, end).values()
    ]
    shared = used[0] & used[1] | used[0] & used[2] | used[1] & used[2]
    assert not shared, f"{len(shared)} months are in two parts"


def test_scale_does_not_see_the_future(solution):
    changed = np.where(train[:, None], past, 3 * past)
    before, after = (solution["fit_scale"](p, train) for p in (past, changed))
    assert before == after, f"scale {before:.2f} became {after:.2f} ppm"


def test_inputs_do_not_depend_on_the_level(solution):
    here, higher = (solution["to_inputs"](p, scale) for p in (past, past + 50))
    difference = np.abs(here - higher).max()
    assert difference < 1e-4, f"50 ppm more moves the inputs by {difference:.1f}"


# --8<-- [end:tests]


# --8<-- [start:more_tests]
def test_the_recurrent_kernel_matters(solution):
    model, forecast = solution["trained"][0]
    before, kept = forecast(past[:4]), model.get_weights()
    for variable in model.weights:
        if variable.name == "recurrent_kernel":
            variable.assign(tf.zeros_like(variable))
    moved = np.abs(forecast(past[:4]) - before).max()
    model.set_weights(kept)
    assert moved > 0.01, "without its recurrent kernel it forecasts the same"


def test_it_learns_from_the_windows_it_is_given(solution):
    _, usual = solution["trained"][0]
    _, higher = solution["train"](0, past[train], future[train] + 7)
    moved = np.mean(higher(past[test]) - usual(past[test]))
    assert 6 < moved < 8, f"7 ppm more to learn, {moved:.1f} ppm more forecast"


def test_every_seed_beats_the_naive_forecast_by_a_fifth(solution):
    missed = [f(past[test]) - future[test] for _, f in solution["trained"]]
    worst, limit = max(np.abs(m).mean() for m in missed), 0.8 * naive_error
    assert worst <= limit, f"{worst:.3f} ppm, {limit:.3f} allowed"


# --8<-- [end:more_tests]


# --8<-- [start:run_tests]
TESTS = (
    test_no_month_is_in_two_parts,
    test_scale_does_not_see_the_future,
    test_inputs_do_not_depend_on_the_level,
    test_the_recurrent_kernel_matters,
    test_it_learns_from_the_windows_it_is_given,
    test_every_seed_beats_the_naive_forecast_by_a_fifth,
)


def remember(train):  # The same call gives the same model: train it once.
    known = {}

    def run(seed, past, future):
        key = seed, past.tobytes(), future.tobytes()
        if key not in known:
            known[key] = train(seed, past, future)
        return known[key]

    return run


solution = {
    "split": split,
    "fit_scale": fit_scale,
    "to_inputs": to_inputs,
    "train": remember(train_lstm),
    "trained": trained,
}


for test_function in TESTS:
    test_function(solution)
print(len(TESTS), "tests pass")
# --8<-- [end:run_tests]


# --8<-- [start:wrong_data]
def random_split(first, end):
    shares = (0.70, 0.15, 0.15)
    drawn = np.random.default_rng(0).choice(3, size=len(first), p=shares)
    return {"train": drawn == 0, "validation": drawn == 1, "test": drawn == 2}


def split_by_first_month(first, end):
    return {
        "train": first < cut1,
        "validation": (first >= cut1) & (first < cut2),
        "test": first >= cut2,
    }


def scale_on_everything(past, is_train):
    return float((past - past[:, -1:]).std())


level_mean, level_size = past[train].mean(), past[train].std()


def level_inputs(past, scale):
    return ((past - level_mean) / level_size)[..., None].astype("float32")


# --8<-- [end:wrong_data]


# --8<-- [start:wrong_model]
def one_step_of_24_features():
    return tf.keras.Sequential(
        [
            tf.keras.Input((WINDOW, 1)),
            tf.keras.layers.Permute((2, 1)),  # (batch, 1, 24): time is now a feature.
            tf.keras.layers.LSTM(32),
            tf.keras.layers.Dense(HORIZON),
        ]
    )


def train_on_one_step(seed, past, future):
    return train_lstm(seed, past, future, build=one_step_of_24_features)


def train_a_linear_model(seed, past, future):
    rows, target = to_rows(to_inputs(past, scale)), future - past[:, -1:]
    weights = np.linalg.lstsq(rows, target)[0]
    return build_model(), lambda x: x[:, -1:] + to_rows(to_inputs(x, scale)) @ weights


def train_on_the_test_windows(seed, past_given, future_given):
    return train_lstm(seed, past[test], future[test], epochs=100)


def look_the_answers_up(seed, past_given, future_given):
    return build_model(), lambda x: future[test] if len(x) == test.sum() else future[: len(x)]


stopped_early = train_lstm(2, past[train], future[train], epochs=4)
# --8<-- [end:wrong_model]


# --8<-- [start:caught]
def failures(solution):
    found = {}
    for test_function in TESTS:
        try:
            test_function(solution)
        except AssertionError as problem:
            found[test_function.__name__] = str(problem)
    return found


WRONG = (
    ("random split", "split", random_split),
    ("windows cross the cut", "split", split_by_first_month),
    ("scale on everything", "fit_scale", scale_on_everything),
    ("levels as inputs", "to_inputs", level_inputs),
    ("one step of 24", "train", train_on_one_step),
    ("linear in disguise", "train", train_a_linear_model),
    ("trained on the test part", "train", train_on_the_test_windows),
    ("the answers themselves", "train", look_the_answers_up),
    ("one seed stopped early", "trained", [*trained[:2], stopped_early]),
)
caught_alone = set()
for name, key, wrong in WRONG:
    changed = solution | {key: wrong}
    if key == "train":
        changed["trained"] = [wrong(0, past[train], future[train])]
    found = failures(changed)
    assert found, f"{name} passes every test"
    caught_alone |= set(found) if len(found) == 1 else set()
    print(f"{name}:")
    print(*(f"  {test_name}\n    {found[test_name]}" for test_name in found), sep="\n")
assert len(caught_alone) == len(TESTS)  # Without any one test, something passes.
# --8<-- [end:caught]
