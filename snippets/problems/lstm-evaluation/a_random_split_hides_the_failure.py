# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy", "statsmodels"]
# ///
"""A random split hides that a model of levels fails outside the range it has seen."""

# --8<-- [start:data]
import numpy as np
import statsmodels.api as sm
import tensorflow as tf

WINDOW, HORIZON, SEEDS = 24, 12, (0, 1, 2)
weekly = sm.datasets.co2.load_pandas().data["co2"]
series = weekly.resample("MS").mean().interpolate().to_numpy()
cut1, cut2 = (round(share * len(series)) for share in (0.70, 0.85))
windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
past, future = windows[:, :WINDOW], windows[:, WINDOW:]  # (491, 24), (491, 12)
last = past[:, -1:]
first = np.arange(len(past))
before_the_cut = np.flatnonzero(first + WINDOW + HORIZON <= cut1)  # 333 windows
after_the_cut = np.flatnonzero(first >= cut2)  # 44 windows
# --8<-- [end:data]

# --8<-- [start:months]
naive = past[:, -12:] + last - past[:, -13:-12]
naive_everywhere = np.abs(naive - future).mean()
naive_late = np.abs(naive - future)[after_the_cut].mean()
print(f"last year + yearly rise, all windows:  {naive_everywhere:.2f} ppm")
print(f"last year + yearly rise, late windows: {naive_late:.2f} ppm")
assert naive_late > 1.3 * naive_everywhere
highest_before, lowest_after = series[:cut1].max(), series[cut2:].min()
print(f"highest training month {highest_before:.2f} ppm")
print(f"lowest test month {lowest_after:.2f} ppm")
assert lowest_after > highest_before
# --8<-- [end:months]


# --8<-- [start:draw]
def draw(seed):
    """Test on half of the late windows; train before the cut, or anywhere else."""
    random = np.random.default_rng(seed)
    test = random.choice(after_the_cut, len(after_the_cut) // 2, replace=False)
    others = np.setdiff1d(first, test)
    leaky = random.choice(others, len(before_the_cut), replace=False)
    return test, {"honest": before_the_cut, "leaky": leaky}


def overlap(train, test):
    """The share of test windows that share a month with a training window."""
    distance = np.abs(train[:, None] - test).min(axis=0)  # in months
    return (distance < WINDOW + HORIZON).mean()


for seed in SEEDS:
    test, trains = draw(seed)
    shares = [f"{name} {overlap(train, test):.0%}" for name, train in trains.items()]
    print(f"seed {seed}: overlapping test windows:", ", ".join(shares))
# --8<-- [end:draw]

# --8<-- [start:lstm]
model = tf.keras.Sequential(
    [
        tf.keras.Input((WINDOW, 1)),
        tf.keras.layers.LSTM(32),
        tf.keras.layers.Dense(HORIZON),
    ]
)
EPOCHS, BATCH = 6, 32
STEPS = EPOCHS * len(before_the_cut) // BATCH
rate = tf.keras.optimizers.schedules.CosineDecay(0.02, STEPS)
adam = tf.keras.optimizers.Adam(rate)
adam.build(model.trainable_variables)


@tf.function  # One call for all steps: Python does not wait for each.
def fit(x, y, batches):  # batches: (steps, batch), row numbers
    for rows in batches:
        with tf.GradientTape() as tape:
            missed = model(tf.gather(x, rows)) - tf.gather(y, rows)
            loss = tf.reduce_mean(missed**2)
        adam.apply(tape.gradient(loss, model.trainable_variables))


def lstm(train, offset, seed):
    """Forecast what lies above the offset (a level, or each window's last reading)."""
    tf.keras.utils.set_random_seed(seed)
    model.set_weights(tf.keras.models.clone_model(model).get_weights())
    for variable in adam.variables:
        variable.assign(tf.zeros_like(variable))  # A new run, the same traced graph.
    scale = (past - offset)[train].std()
    x = tf.constant((past - offset)[..., None] / scale, tf.float32)
    y = tf.constant((future - offset) / scale, tf.float32)
    shuffled = [np.random.permutation(train) for _ in range(EPOCHS)]
    batches = np.concatenate(shuffled)[: STEPS * BATCH].reshape(STEPS, BATCH)
    fit(x, y, tf.constant(batches))
    return offset + scale * model(x).numpy()


# --8<-- [end:lstm]


# --8<-- [start:others]
def linear(train):
    rows = np.c_[past - last, np.ones(len(past))]
    return last + rows @ np.linalg.lstsq(rows[train], (future - last)[train])[0]


def nearest(train):
    """Remember every training window and answer with the most similar one."""
    distances = ((past[:, None] - past[None, train]) ** 2).sum(axis=-1)
    return future[train[distances.argmin(axis=1)]]


# --8<-- [end:others]

# --8<-- [start:compare]
errors, flattery = {}, {}
for seed in SEEDS:
    test, trains = draw(seed)
    for split, train in trains.items():
        made = {
            "nearest neighbour, levels": nearest(train),
            "LSTM, levels": lstm(train, past[train].mean(), seed),
            "LSTM, changes": lstm(train, last, seed),
            "linear, changes": linear(train),
        }
        for name, forecast in made.items():
            mae = np.abs(forecast - future)[test].mean()
            errors.setdefault(name, {}).setdefault(split, []).append(mae)
    for name, by_split in errors.items():
        honest, leaky = by_split["honest"][-1], by_split["leaky"][-1]
        flattery.setdefault(name, []).append(honest / leaky)
    assert flattery["LSTM, changes"][-1] < 1.5 < 3 < flattery["LSTM, levels"][-1]
# --8<-- [end:compare]

# --8<-- [start:table]
print(f"{'MAE in ppm':27} honest  leaky  honest / leaky")
for name, by_split in errors.items():
    honest, leaky = np.mean(by_split["honest"]), np.mean(by_split["leaky"])
    least, most = min(flattery[name]), max(flattery[name])
    print(f"{name:27} {honest:6.2f} {leaky:6.2f} {least:6.2f} to {most:.2f}")
# --8<-- [end:table]
