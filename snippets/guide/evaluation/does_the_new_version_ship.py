# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "scipy"]
# ///
"""Ship when the paired interval clears the line that was written down before."""

# --8<-- [start:inputs]
import numpy as np
from scipy import stats

questions = 312  # answered by both versions
wins, losses = 24, 8  # only the new one right, only the old one right
line = 0.0  # a gain; for a cheaper model -0.02, the loss you accept
looks = 1  # how often you look before you stop
# --8<-- [end:inputs]


# --8<-- [start:decision]
def low_end(wins, losses, n, looks=1):
    """Lower end of the paired interval; the 5% are shared among the looks."""
    z = stats.norm.ppf(1 - 0.025 / looks)
    spread = np.sqrt(wins + losses - (wins - losses) ** 2 / n)
    return (wins - losses - z * spread) / n


def ships(wins, losses, n, line=0.0, looks=1):
    """The decision, as a function of what was counted and what was promised."""
    return low_end(wins, losses, n, looks) > line


low = low_end(wins, losses, questions, looks)
print(f"{wins} wins, {losses} losses: interval from {low:+.1%}, ", end="")
print("ship" if ships(wins, losses, questions, line, looks) else "do not ship")
# 41 against 38 of the same 50 questions: whatever the overlap, it does not ship.
overlaps = [(3 + both, both) for both in range(10)]  # the new one misses 9
assert not any(ships(up, down, 50) for up, down in overlaps)
p_values = [stats.binomtest(up, up + down).pvalue for up, down in overlaps]
print(f"41 against 38 of 50: smallest exact p over all overlaps {min(p_values):.2f}")
assert min(p_values) >= 0.25
# --8<-- [end:decision]


# --8<-- [start:flips]
def least_lead(n, differ, line=0.0, looks=1):
    """Smallest wins minus losses that ships, for this many disagreements."""
    leads = range(-differ, differ + 1, 2)
    ok = [g for g in leads if ships((differ + g) // 2, (differ - g) // 2, n, line, looks)]
    return ok[0] if ok else None


cases = {
    "as above": dict(),
    "twice the disagreement": dict(differ=64),
    "nine looks": dict(looks=9),
    "cheaper model, 2 points": dict(line=-0.02),
    "cheaper model, 1963 questions": dict(line=-0.02, n=1963, differ=196),
}
base = dict(n=questions, differ=wins + losses)
flip = {name: least_lead(**(base | case)) for name, case in cases.items()}
for name, lead in flip.items():
    n, differ = (base | cases[name])["n"], (base | cases[name])["differ"]
    up, down = (differ + lead) // 2, (differ - lead) // 2
    print(f"{name:30s} ships from {up} to {down}, {lead / n:+.1%}")
    more = {k: v for k, v in cases[name].items() if k in ("line", "looks")}
    assert ships(up, down, n, **more) and not ships(up - 1, down + 1, n, **more)
assert flip["nine looks"] > flip["as above"] and flip["cheaper model, 2 points"] > 0
assert flip["cheaper model, 1963 questions"] < 0  # now a small loss is allowed
# --8<-- [end:flips]


# --8<-- [start:form]
fewest = 6  # disagreements; with fewer no exact test reaches 5%


def verdict(questions, wins, losses, line, looks, gap):
    """What the form says; line and gap (what the new version truly gains) in points."""
    differ, told = (wins + losses) / questions, dict(lead=None, low=None, high=None, needed=None)
    if differ > 1:
        return told | dict(differ=100 * differ, decision="impossible")
    low = low_end(wins, losses, questions, looks)
    high = -low_end(losses, wins, questions, looks)
    told |= dict(lead=100 * (wins - losses) / questions, low=100 * low, high=100 * high)
    spread = differ - (gap / 100) ** 2
    if gap > line and spread > 0:  # then the true gain can be told from the line
        root = stats.norm.ppf(1 - 0.025 / looks) * np.sqrt(differ)
        root += stats.norm.ppf(0.8) * np.sqrt(spread)
        told["needed"] = int(np.ceil((100 * root / (gap - line)) ** 2))
    if wins + losses < fewest:
        decision = "fewer than six"
    elif ships(wins, losses, questions, line / 100, looks):
        decision = "ship"
    else:
        enough = told["needed"] is not None and questions >= told["needed"]
        enough = enough or high <= line / 100  # it is not better than the line, and that is known
        decision = "do not ship" if enough else "more questions"
    return told | dict(differ=100 * differ, decision=decision)


form = {  # what stands in it at first
    "gain": dict(questions=questions, wins=wins, losses=losses, line=0, looks=looks, gap=5),
    "cheaper": dict(questions=1963, wins=98, losses=98, line=-2, looks=1, gap=0),
}
for name, counts in form.items():
    said = verdict(**counts)
    print(f"{name}: from {said['low']:+.1f} points, {said['needed']} needed", end=", ")
    print(said["decision"])
assert verdict(**form["gain"] | dict(wins=8, losses=24))["decision"] == "do not ship"
p_least, p_fewer = (stats.binomtest(k, k).pvalue for k in (fewest, fewest - 1))
assert p_least < 0.05 < p_fewer
# --8<-- [end:form]

# --8<-- [start:looks]
rng = np.random.default_rng(0)
batch, trials = 100, 100_000


def any_look(gap, plan, share):
    """How often one of the looks says ship; the two disagree on 10%."""
    chances = (0.05 + gap / 2, 0.05 - gap / 2, 0.90)
    draws = rng.multinomial(batch, chances, (trials, 9)).cumsum(axis=1)
    yes = [ships(draws[:, i, 0], draws[:, i, 1], batch * (i + 1), looks=share) for i in plan]
    return np.mean(np.any(yes, axis=0))


every, last = range(9), [8]  # after 100, 200 … 900 questions; after 900
false_once, false_nine = any_look(0, last, 1), any_look(0, every, 1)
false_shared = any_look(0, every, 9)
found_once, found_shared = any_look(0.03, last, 1), any_look(0.03, every, 9)
print("equal models shipped by mistake:", end=" ")
print(f"one look {false_once:.1%}, nine {false_nine:.1%}", end=", ")
print(f"nine that share the 5% {false_shared:.1%}")
print(f"3 points found: one look {found_once:.0%}, shared {found_shared:.0%}")
assert false_nine > 3 * false_once
assert false_shared < 0.035
assert found_shared < found_once - 0.03  # looking early has a price
# --8<-- [end:looks]
