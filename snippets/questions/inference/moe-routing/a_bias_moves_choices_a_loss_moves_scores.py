# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""A bias evens the load without touching a score; an auxiliary loss evens it by changing the router."""

# --8<-- [start:route]
import numpy as np

TOKENS, WIDTH, EXPERTS, K = 512, 32, 16, 2


def route(x, router, bias=0.0):
    z = np.exp(x @ router)  # (tokens, experts)
    scores = z / z.sum(axis=1, keepdims=True)
    choice = np.argpartition(-(scores + bias), K, axis=1)[:, :K]
    weights = np.take_along_axis(scores, choice, axis=1)  # Without the bias.
    return scores, choice, weights / weights.sum(axis=1, keepdims=True)


def count(choice, factor=1.25):
    load = np.bincount(choice.ravel(), minlength=EXPERTS)
    over = np.maximum(load - np.ceil(factor * load.mean()), 0)
    return load, over.sum() / load.sum()  # Choices of each expert; share over capacity.


# --8<-- [end:route]


# --8<-- [start:balance]
def slope(scores, load):
    f = load / load.sum()
    return EXPERTS * scores * (f - scores @ f[:, None]) / len(scores)  # Of the loss, by each logit.


def train(rng, centre, router, way):
    router, bias = router.copy(), np.zeros(EXPERTS)
    for _ in range(300):
        x = centre + rng.normal(size=(TOKENS, WIDTH))
        scores, choice, _ = route(x, router, bias)
        load, _ = count(choice)
        if way == "bias":
            bias += 0.002 * np.sign(load.mean() - load)
        if way == "loss":
            router -= 0.2 * x.T @ slope(scores, load)
    return router, bias


# --8<-- [end:balance]

# --8<-- [start:compare]
found = {"nothing": [], "loss": [], "bias": []}
for seed in range(3):
    rng = np.random.default_rng(seed)
    centre = 0.3 * rng.normal(size=WIDTH)
    router = rng.normal(size=(WIDTH, EXPERTS)) / WIDTH**0.5
    x = centre + rng.normal(size=(8192, WIDTH))
    before, first, _ = route(x, router)
    assert abs(slope(before, np.ones(EXPERTS))).max() < 1e-15
    for way, rows in found.items():
        scores, choice, weights = route(x, *train(rng, centre, router, way))
        load, over = count(choice)
        own = np.take_along_axis(scores, choice, axis=1)
        assert np.array_equal(weights, own / own.sum(axis=1, keepdims=True))
        liking = np.take_along_axis(before, choice, axis=1).sum()
        most = np.take_along_axis(before, first, axis=1).sum()
        rows.append([load.max() / load.mean(), over, abs(scores - before).max(), liking / most])
print("balanced by  busiest/mean  over capacity  largest score change  score chosen")
for way in found:
    found[way] = busiest, over, change, chosen = np.array(found[way]).T  # (4, seeds)
    print(
        f"{way:11} {busiest.mean():13.2f} {over.mean():14.1%} {change.max():21.2f} {chosen.mean():13.1%}"
    )
nothing, loss, bias = found.values()
assert nothing[0].min() > 1.6 and max(loss[0].max(), bias[0].max()) < 1.25
assert nothing[1].min() > 0.05 and max(loss[1].max(), bias[1].max()) == 0
assert bias[2].max() == 0 and loss[2].min() > 0.2
assert max(loss[3].max(), bias[3].max()) < 0.98
# --8<-- [end:compare]
