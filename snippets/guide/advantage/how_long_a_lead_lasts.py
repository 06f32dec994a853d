# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Other people's price cuts end the model's part of a lead, a rival's months end yours."""

# --8<-- [start:months]
import numpy as np

form = {  # what stands in the form at first; points, times, months
    "model": dict(model=10, own=3, line=4, dearer=5, fall=9, rival=18, needed=12),
    "own": dict(model=10, own=6, line=4, dearer=5, fall=9, rival=18, needed=12),
}


def verdict(model, own, line, dearer, fall, rival, needed):
    """How long the lead stays at or above the line, and what carries it."""
    cheap = 12 * np.log(dearer) / np.log(fall)  # then the rival can pay for your model
    lasts = min(cheap, rival) if model + own >= line else 0
    lasts = max(lasts, cheap if model >= line else 0, rival if own >= line else 0)
    if lasts == 0:
        decision = "no lead"
    elif lasts < needed:
        decision = "too short"
    else:
        decision = "own" if own >= line and rival >= needed else "model"
    return dict(cheap=cheap, lasts=lasts, slowest=dearer ** (12 / needed), decision=decision)


said = {name: verdict(**inputs) for name, inputs in form.items()}
for name, v in said.items():
    print(f"{name:5s}: model for {v['cheap']:.1f} months, lead {v['lasts']:.1f}: {v['decision']}")
base = form["model"]
assert verdict(**base | dict(fall=4.99))["decision"] == "model"
assert verdict(**base | dict(fall=5.01))["decision"] == "too short"
assert verdict(**form["own"] | dict(fall=900))["decision"] == "own"
# --8<-- [end:months]

# --8<-- [start:walk]
rng, worst = np.random.default_rng(0), 0
days = np.arange(20 * 365)
least, most = [0, 0, 1, 1.1, 2, 1, 6], [12, 12, 12, 20, 90, 36, 24]
for draw in rng.uniform(least, most, (500, 7)):  # day by day, without the formula
    x = dict(zip(base, draw, strict=True))
    affordable = x["dearer"] * x["fall"] ** (-days / 365) <= 1
    ahead = x["model"] * ~affordable + x["own"] * (days * 12 / 365 < x["rival"])
    over = np.flatnonzero(ahead < x["line"])[0] * 12 / 365
    worst = max(worst, abs(over - verdict(**x)["lasts"]))
print(f"day by day and formula differ by at most {30.4 * worst:.1f} days")
assert worst < 1.01 * 12 / 365
# --8<-- [end:walk]

# --8<-- [start:lumps]
gap, runs = 4, 50_000  # months between two cuts on average, at chance
wall, mean_cut = np.log(base["dearer"]), gap * np.log(base["fall"]) / 12
waits = rng.exponential(gap, (runs, 60)).cumsum(axis=1)
fallen = rng.exponential(mean_cut, (runs, 60)).cumsum(axis=1)
ends = waits[np.arange(runs), (fallen >= wall).argmax(axis=1)]
early, late = np.quantile(ends, (0.1, 0.9))
print(f"in lumps: mean {ends.mean():.1f} months, one in ten before {early:.1f}", end=", ")
print(f"one in ten after {late:.1f}")
assert abs(ends.mean() - (gap + said["model"]["cheap"])) < 0.15
assert early < said["model"]["cheap"] / 2 and late > 2 * said["model"]["cheap"]
# --8<-- [end:lumps]
