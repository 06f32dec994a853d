# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scikit-learn"]
# ///
"""A network that learns its features still needs its inputs prepared."""

# --8<-- [start:data]
import numpy as np
from sklearn import datasets, ensemble, linear_model, model_selection, neural_network

x, y = datasets.load_breast_cancer(return_X_y=True)  # (569, 30), (569,)
rest, test, y_rest, y_test = model_selection.train_test_split(
    x, y, test_size=0.25, stratify=y, random_state=0
)
train, valid, y_train, y_valid = model_selection.train_test_split(
    rest, y_rest, test_size=0.25, stratify=y_rest, random_state=0
)
mean, deviation = train.mean(axis=0), train.std(axis=0)  # Training part only.
smallest, largest = deviation.min(), deviation.max()
print(f"columns spread from {smallest:.4f} to {largest:.0f}")
# --8<-- [end:data]


# --8<-- [start:network]
def network_accuracy(rate, seed, prepare):
    """Return validation and test accuracy of one small network."""
    network = neural_network.MLPClassifier(
        (32, 32), learning_rate_init=rate, max_iter=1000, random_state=seed
    ).fit(prepare(train), y_train)
    return (
        network.score(prepare(valid), y_valid),
        network.score(prepare(test), y_test),
    )


# --8<-- [end:network]

# --8<-- [start:compare]
ways = {"raw": lambda a: a, "scaled": lambda a: (a - mean) / deviation}
accuracy = {}
for name, prepare in ways.items():
    tried = {
        rate: np.array([network_accuracy(rate, seed, prepare) for seed in range(3)])
        for rate in (1e-3, 1e-2, 1e-1)
    }  # Each value: (seeds, validation and test).
    best = max(tried, key=lambda rate: tried[rate][:, 0].mean())
    accuracy[name] = tried[best][:, 1]
    print(f"network, {name:6} columns, rate {best}: {accuracy[name].round(3)}")
assert accuracy["scaled"].mean() > accuracy["raw"].mean() + 0.02
# --8<-- [end:compare]

# --8<-- [start:baselines]
scaled = ways["scaled"]
linear = linear_model.LogisticRegression().fit(scaled(train), y_train)
linear_accuracy = linear.score(scaled(test), y_test)
forest = ensemble.RandomForestClassifier(random_state=0).fit(train, y_train)
forest_accuracy = forest.score(test, y_test)
print(f"logistic regression, scaled columns: {linear_accuracy:.3f}")
print(f"random forest, raw columns: {forest_accuracy:.3f}")
# Four test patients are 0.028; the scaled network and the line are closer than that.
assert abs(accuracy["scaled"].mean() - linear_accuracy) < 0.028
# --8<-- [end:baselines]
