# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "pandas", "statsmodels"]
# ///
"""An LSTM beats last year plus the yearly rise; ten tests stop fourteen wrong ways to it."""

# --8<-- [start:data]
import numpy as np
import statsmodels.api as sm
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # its notes on tracing and on old names

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
    """Whole windows only: the 35 that cross each cut belong to no part."""
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
train, validation, test = parts["train"], parts["validation"], parts["test"]
scale = fit_scale(past, train)
print(f"typical change within a window: {scale:.2f} ppm")
naive = past[:, -12:] + last - past[:, -13:-12]  # (n, 12)
naive_error = np.abs(naive - future)[test].mean()
# --8<-- [end:scale]


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


# --8<-- [start:tests]
def test_a_window_reads_24_months_and_forecasts_the_next_12(solution):
    past, future = solution["make_windows"](np.arange(100))
    expected = np.arange(65)[:, None] + np.arange(36)  # One month later each time.
    assert np.array_equal(np.hstack([past, future]), expected), "other months"


def test_the_parts_follow_each_other_in_time(solution):
    train, validation, test = (first[part] for part in solution["split"](first, end).values())
    in_order = max(train) < min(validation) and max(validation) < min(test)
    assert in_order, "the parts are not in time order"


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


def test_a_window_is_scaled_alike_alone_and_in_company(solution):
    alone, together = (solution["to_inputs"](past[:n], scale)[:1] for n in (1, None))
    difference = np.abs(alone - together).max()
    assert difference < 1e-4, f"other windows move the inputs by {difference:.1f}"


# --8<-- [end:tests]


# --8<-- [start:run_data]
DATA_TESTS = (
    test_a_window_reads_24_months_and_forecasts_the_next_12,
    test_the_parts_follow_each_other_in_time,
    test_no_month_is_in_two_parts,
    test_scale_does_not_see_the_future,
    test_inputs_do_not_depend_on_the_level,
    test_a_window_is_scaled_alike_alone_and_in_company,
)
solution = {"make_windows": make_windows, "split": split}
solution |= {"fit_scale": fit_scale, "to_inputs": to_inputs}
for test_function in DATA_TESTS:
    test_function(solution)
print(len(DATA_TESTS), "tests of the data pass, before any training")
# --8<-- [end:run_data]


# --8<-- [start:wrong_data]
def windows_that_overlap(series):
    windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON - 1)
    return windows[:, :WINDOW], windows[:, WINDOW - 1 :]  # One month is in both.


def test_in_the_middle(first, end):
    test = (first >= 200) & (end <= 280)
    train = (end <= 200) | ((first >= 280) & (end <= cut2))
    return {"train": train, "validation": first >= cut2, "test": test}


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


def inputs_less_the_mean_of_all(past, scale):
    return ((past - past.mean()) / scale)[..., None].astype("float32")


# --8<-- [end:wrong_data]


# --8<-- [start:caught_data]
def catch(tests, mistakes):
    """Some test stops each mistake; leave out any test, and one of them passes."""
    caught_alone = set()
    for name, changed in mistakes.items():
        found = {}
        for test_function in tests:
            try:
                test_function(solution | changed)
            except AssertionError as problem:
                found[test_function.__name__] = str(problem)
        assert found, f"{name} passes every test"
        caught_alone |= set(found) if len(found) == 1 else set()
        print(f"{name}:")
        print(*(f"  {test}\n    {found[test]}" for test in found), sep="\n")
    assert len(caught_alone) == len(tests)


catch(
    DATA_TESTS,
    {
        "last reading to be forecast": {"make_windows": windows_that_overlap},
        "test years in the middle": {"split": test_in_the_middle},
        "random split": {"split": random_split},
        "windows cross the cut": {"split": split_by_first_month},
        "scale on everything": {"fit_scale": scale_on_everything},
        "levels as inputs": {"to_inputs": level_inputs},
        "mean of all windows": {"to_inputs": inputs_less_the_mean_of_all},
    },
)
# --8<-- [end:caught_data]


# --8<-- [start:more_tests]
def test_the_recurrent_kernel_matters(solution):
    model, forecast = solution["train"](0, past[train], future[train])
    before, kept = forecast(past[:4]), model.get_weights()
    for variable in model.weights:
        if variable.name == "recurrent_kernel":
            variable.assign(tf.zeros_like(variable))
    moved = np.abs(forecast(past[:4]) - before).max()
    model.set_weights(kept)
    assert moved > 0.01, "without its recurrent kernel it forecasts the same"


def test_it_learns_from_the_windows_it_is_given(solution):
    _, usual = solution["train"](0, past[train], future[train])
    _, higher = solution["train"](0, past[train], future[train] + 7)
    moved = np.mean(higher(past[test]) - usual(past[test]))
    assert 6 < moved < 8, f"7 ppm more to learn, {moved:.1f} ppm more forecast"


def test_a_window_is_forecast_alike_alone_and_in_company(solution):
    _, forecast = solution["train"](0, past[train], future[train])
    alone, together = forecast(past[test][:1]), forecast(past[test])[:1]
    difference = np.abs(alone - together).max()
    assert difference < 0.01, f"other windows move the forecast by {difference:.2f} ppm"


def test_every_seed_beats_the_naive_forecast_by_a_fifth(solution):
    runs = [solution["train"](seed, past[train], future[train]) for seed in SEEDS]
    missed = [np.abs(forecast(past[test]) - future[test]).mean() for _, forecast in runs]
    worst, limit = max(missed), 0.8 * naive_error
    assert worst <= limit, f"{worst:.3f} ppm, {limit:.3f} allowed"
    assert len(set(missed)) == len(SEEDS), "the seed changes nothing"


# --8<-- [end:more_tests]


# --8<-- [start:run_model]
MODEL_TESTS = (
    test_the_recurrent_kernel_matters,
    test_it_learns_from_the_windows_it_is_given,
    test_a_window_is_forecast_alike_alone_and_in_company,
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


solution["train"] = remember(train_lstm)
for test_function in MODEL_TESTS:
    test_function(solution)
print(len(MODEL_TESTS), "tests of the model pass")
trained = [solution["train"](seed, past[train], future[train]) for seed in SEEDS]
runs = np.stack([forecast(past) for _, forecast in trained])  # (3, n, 12)
gain = 1 - np.abs(runs - future)[:, test].mean(axis=(1, 2)) / naive_error
print(f"gain over last year + yearly rise: {gain.min():.0%} to {gain.max():.0%}")
missed = [np.abs(made - future)[..., validation, :].mean() for made in (runs, naive)]
validation_gain = 1 - missed[0] / missed[1]
print(f"the same gain on validation: {validation_gain:.0%}")
# --8<-- [end:run_model]


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


def to_rows(past):
    return np.c_[to_inputs(past, scale)[..., 0], np.ones(len(past))]  # (n, 25)


def train_a_linear_model(seed, past, future):
    weights = np.linalg.lstsq(to_rows(past), future - past[:, -1:])[0]
    return build_model(), lambda x: x[:, -1:] + to_rows(x) @ weights


def train_on_the_test_windows(seed, past_given, future_given):
    return train_lstm(seed, past[test], future[test], epochs=100)


def look_the_answers_up(seed, past_given, future_given):
    return build_model(), lambda x: future[test] if len(x) == test.sum() else future[: len(x)]


def scale_again(seed, past_given, future_given):
    model, _ = solution["train"](seed, past_given, future_given)

    def forecast(past):  # The scale comes from the windows to be forecast.
        scale = fit_scale(past, np.ones(len(past), bool))
        return past[:, -1:] + scale * model(to_inputs(past, scale)).numpy()

    return model, forecast


def ignore_the_seed(seed, past, future):
    return solution["train"](0, past, future)


def stop_seed_2_early(seed, past, future):
    if seed == 2:
        return train_lstm(seed, past, future, epochs=4)
    return solution["train"](seed, past, future)


# --8<-- [end:wrong_model]


# --8<-- [start:caught]
catch(
    MODEL_TESTS,
    {
        "one step of 24": {"train": remember(train_on_one_step)},
        "linear in disguise": {"train": remember(train_a_linear_model)},
        "trained on the test part": {"train": remember(train_on_the_test_windows)},
        "the answers themselves": {"train": remember(look_the_answers_up)},
        "scaled again when it forecasts": {"train": remember(scale_again)},
        "the seed is not used": {"train": remember(ignore_the_seed)},
        "one seed stopped early": {"train": remember(stop_seed_2_early)},
    },
)
# --8<-- [end:caught]
