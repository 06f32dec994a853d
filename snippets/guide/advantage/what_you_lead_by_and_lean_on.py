# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Two substitutions give two intervals, and no contest between them."""

# --8<-- [start:decide]
import numpy as np

questions = 312  # all three versions answered them
own = 30, 12  # only the product right, only the one with public material
model = 48, 14  # only the product right, only the one with the cheaper model
loss = 0.02  # the loss at which you would still swap the model


def interval(up, down, n=questions):
    """Paired interval of how far the product is ahead, 95%."""
    half = 1.96 * np.sqrt(up + down - (up - down) ** 2 / n)
    return (up - down - half) / n, (up - down + half) / n


def decide(own, model, loss):
    """What the two drops say, each by its own interval."""
    low, high = interval(*own)
    if low <= 0:
        return "no lead" if high <= 0 else "open"
    low, high = interval(*model)
    told = "leans on the model" if low > loss else "model open"
    return "lead, " + ("any model" if high < loss else told)


own_low, own_high = interval(*own)
model_low, model_high = interval(*model)
told, most = decide(own, model, loss), sum(own)
fewest = next(k for k in range(most) if interval(k, most - k)[0] > 0)
print(f"lead {own_low:.1%} to {own_high:.1%}, model {model_low:.1%} to {model_high:.1%}")
print(f"{told}; a lead takes {fewest} to {most - fewest}")
assert told == "lead, leans on the model" and fewest == 28
# --8<-- [end:decide]

# --8<-- [start:check]
rng, trials, truth = np.random.default_rng(0), 20_000, (0.06, 0.14)


def counts(*drops):
    """Both tests on the same questions: one draw of luck for the two."""
    wins, losses = np.zeros((2, len(drops), trials))
    for luck in rng.random((questions, trials)):
        wins += luck < 0.06 + np.array(drops)[:, None]
        losses += luck > 0.94
    return wins, losses


wins, losses = counts(*truth)
low, high = interval(wins, losses)
held = (low.T < truth) & (truth < high.T)  # (trials, 2)
each, both = held.mean(axis=0), held.all(axis=1).mean()
found = np.mean(low[0] > 0)
alarm = np.mean(interval(*counts(0))[0] > 0)
print(f"true value held: {each.round(3)}, both at once {both:.3f}")
print(f"reported as a lead: 6 points {found:.0%}, none {alarm:.1%}")
assert abs(each - 0.95).max() < 0.01 and both > 0.90
assert found > 0.70 and alarm < 0.035
# --8<-- [end:check]
