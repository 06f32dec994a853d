# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The price of a rare label follows the prevalence and the screen's false alarms."""

# --8<-- [start:inputs]
import math

import numpy as np

dollars = dict(
    prevalence=0.5,  # % of the records are rare cases
    recall=80,  # % of the rare cases that the screen flags
    false_alarms=2,  # % of the other records that it flags too
    label=2,  # US$ for one record that an expert labels, an assumption
    scan=0.23,  # US$ for a thousand records through a small model
    build=3000,  # US$ to build and check the screen, an assumption
    needed=155,  # rare cases that show a drop of ten points
    records=100_000,  # at hand, without labels
)
yuan = dollars | dict(label=5, scan=1.54, build=20_000)
# --8<-- [end:inputs]


# --8<-- [start:decision]
def verdict(prevalence, recall, false_alarms, label, scan, build, needed, records):
    """What one rare label costs, and how to look for the rest; shares in percent."""
    rare, kept, noise = prevalence / 100, recall / 100, false_alarms / 100
    precision = rare * kept / (rare * kept + (1 - rare) * noise)
    each_random = label / rare
    each_screen = label / precision + scan / 1000 / (rare * kept)
    saving = each_random - each_screen
    told = dict(each_random=each_random, each_screen=each_screen)
    told |= dict(precision=100 * precision, found=records * rare * kept)
    told |= dict(pays_from=build / saving if saving > 0 else None)
    told |= dict(total_random=needed * each_random)
    told |= dict(total_screen=build + needed * each_screen)
    if records * rare < needed:
        decision = "more records"
    elif told["total_screen"] >= told["total_random"]:
        decision = "as they come"
    else:
        decision = "screen" if told["found"] >= needed else "screen leaks"
    return told | dict(decision=decision)


for name, x in (("dollars", dollars), ("yuan", yuan)):
    says = verdict(**x)
    print(f"{name:8s} one rare label {says['each_random']:,.0f} as they come", end=", ")
    print(f"{says['each_screen']:.2f} behind the screen: {says['decision']}")
    assert says["decision"] == "screen" and says["each_random"] > 20 * says["each_screen"]
base = verdict(**dollars)
# --8<-- [end:decision]

# --8<-- [start:check]
rng = np.random.default_rng(0)
is_rare = rng.random(4_000_000) < dollars["prevalence"] / 100
flag = rng.random(is_rare.size) < np.where(is_rare, 0.80, 0.02)
labels_each = flag.sum() / (flag & is_rare).sum()
print(f"drawn: {labels_each:.2f} labels for one rare case, ", end="")
print(f"computed {100 / base['precision']:.2f}")
assert abs(labels_each / (100 / base["precision"]) - 1) < 0.03
balanced = verdict(**dollars | dict(prevalence=50))["precision"]
print(f"precision on a set that is half rare {balanced:.1f}%, here {base['precision']:.1f}%")
assert balanced > 97 and base["precision"] < 20
# --8<-- [end:check]


# --8<-- [start:flips]
def flip(name, end):
    """Value of one input, between the default and the end, where the decision changes."""
    here, there = dollars[name], end
    assert verdict(**dollars | {name: there})["decision"] != base["decision"]
    for _ in range(60):
        middle = (here + there) / 2
        same = verdict(**dollars | {name: middle})["decision"] == base["decision"]
        here, there = (middle, there) if same else (here, middle)
    return here, verdict(**dollars | {name: there})["decision"]


ends = dict(prevalence=50, recall=1, false_alarms=100, label=0.01)
ends |= dict(scan=10_000, build=1_000_000, needed=1, records=1)
flips = {name: flip(name, end) for name, end in ends.items()}
for name, (value, then) in flips.items():
    print(f"{name:13s} {dollars[name]:>9,} -> {value:12,.2f}  {then}")
assert math.isclose(flips["needed"][0], base["pays_from"])  # bisection against algebra
assert 5 < flips["prevalence"][0] < 15  # the case has to be rare
form = {"dollars": dollars, "yuan": yuan}  # what stands in the form at first
# --8<-- [end:flips]
