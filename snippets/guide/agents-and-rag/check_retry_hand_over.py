# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Check each step, retry, hand over to a person: what that costs when failures repeat."""

# --8<-- [start:inputs]
import itertools
import math

import numpy as np

most_tries = 5  # of one step, before a person takes over
line = 1.5  # the person must cost this many times as much
extra = 2.0  # a person who takes over one step needs this many times its share
work = dict(steps=20, right=95, again=60, misses=5, alarms=5)  # in percent, steps apart
form = {  # a try of one step and its check, a person for the task, a wrong task delivered
    "dollars": work | dict(attempt=0.01, person=6, harm=30),
    "yuan": work | dict(attempt=0.05, person=10, harm=50),
}
# --8<-- [end:inputs]


# --8<-- [start:task]
def mixed(fails, alike, rights, wrongs):
    """P(so many right and wrong tries in a given order), the failure rate Beta over steps."""
    up = math.prod(fails * (1 - alike) + i * alike for i in range(wrongs))
    up *= math.prod((1 - fails) * (1 - alike) + i * alike for i in range(rights))
    return up / math.prod(1 - alike + i * alike for i in range(rights + wrongs))


def step(tries, right, again, misses, alarms):
    """Of one step: accepted right, accepted wrong, never accepted, tries used. All shares."""
    fails = 1 - right
    alike = max(0, (again - fails) / (1 - fails))  # the correlation of two tries
    good = bad = used = 0
    for before in range(tries):  # tries rejected so far: `stopped` right ones, the rest wrong
        for stopped in range(before + 1):
            wrong = before - stopped
            ways = math.comb(before, stopped) * alarms**stopped * (1 - misses) ** wrong
            good += ways * (1 - alarms) * mixed(fails, alike, stopped + 1, wrong)
            bad += ways * misses * mixed(fails, alike, stopped, wrong + 1)
            used += ways * mixed(fails, alike, stopped, wrong)
    left = 0
    for stopped in range(tries + 1):
        ways = math.comb(tries, stopped) * alarms**stopped
        ways *= (1 - misses) ** (tries - stopped)
        left += ways * mixed(fails, alike, stopped, tries - stopped)
    return good, bad, left, used


def two_kinds(tries, right, again, misses, alarms):
    """As step() with the same two shares, if most steps never fail and all hard ones fail alike."""
    hard = (1 - right) / again
    never = step(tries, 1, 0, misses, alarms)
    often = step(tries, 1 - again, 0, misses, alarms)
    return [(1 - hard) * x + hard * y for x, y in zip(never, often, strict=True)]


def task(
    tries, steps, right, again, misses, alarms, attempt, person, harm, extra=extra, of_one=step
):
    """Of one task: right, wrong, handed over (shares), its cost; and by step, not by task."""
    good, bad, left, used = of_one(tries, right / 100, again / 100, misses / 100, alarms / 100)
    ok, wrong, handed, cost = 1, 0, 0, 0
    for _ in range(steps):
        cost += (ok + wrong) * used * attempt
        handed += (ok + wrong) * left
        ok, wrong = ok * good, wrong * (good + bad) + ok * bad
    cost += handed * person + wrong * harm
    spoilt = sum(bad * (1 - bad) ** i for i in range(steps))  # a person mends single steps
    by_step = steps * used * attempt + left * extra * person + spoilt * harm
    return dict(right=ok, wrong=wrong, handed=handed, cost=cost, by_step=by_step)


rng = np.random.default_rng(0)


def simulate(tries, steps, right, again, misses, alarms, same_verdict, runs=60_000):
    """The same by drawing every try; same_verdict: a step's checks all fall alike."""
    fails = 1 - right / 100
    alike = (again / 100 - fails) / (1 - fails)
    weight = (1 - alike) / alike
    shape = (runs, steps)
    rate = rng.beta(fails * weight, (1 - fails) * weight, shape)
    waits, bad = np.ones(shape, bool), np.zeros(shape, bool)
    luck = rng.random((2, *shape))
    for _ in range(tries):
        wrong = rng.random(shape) < rate
        if not same_verdict:
            luck = rng.random((2, *shape))
        accepted = waits & np.where(wrong, luck[0] < misses / 100, luck[1] >= alarms / 100)
        bad |= accepted & wrong
        waits &= ~accepted
    done = ~waits.any(axis=1)
    wrong = (done & bad.any(axis=1)).mean()
    return dict(right=done.mean() - wrong, wrong=wrong, handed=1 - done.mean())


# --8<-- [end:task]

# --8<-- [start:compare]
usd, tried = form["dollars"], {}
for again in (5, usd["again"]):
    print(f"a retry fails {again}% of the time")
    print("tries right wrong  handed   cost  by step")
    for tries in range(1, most_tries + 1):
        t = tried[again, tries] = task(tries, **usd | dict(again=again))
        print(f"{tries:5d} {t['right']:5.0%} {t['wrong']:5.1%} {t['handed']:7.0%}", end=" ")
        print(f"{t['cost']:6.2f} {t['by_step']:8.2f}")
alone, alike = tried[5, 3], tried[60, 3]
assert alone["right"] > 0.9 and alike["right"] < 0.65 and alike["handed"] > 0.3
spoilt = {}
print("wrong of what goes out, 1 to 5 tries:")
for again in (5, 60):
    plans = [tried[again, k] for k in range(1, most_tries + 1)]
    spoilt[again] = [t["wrong"] / (t["right"] + t["wrong"]) for t in plans]
    print(f"{again:3d}% again:", *(f"{x:5.1%}" for x in spoilt[again]))
assert spoilt[5][-1] - spoilt[5][0] < 0.01 and spoilt[60][-1] > 2 * spoilt[60][0]
cheapest = {name: min(plans, key=lambda plan: plan[name]) for name in ("cost", "by_step")}
assert cheapest["cost"] is tried[60, 3] and cheapest["by_step"] is tried[60, 1]
plans = [task(k, **usd, of_one=two_kinds)["cost"] for k in range(1, most_tries + 1)]
print("cost, if steps are of two kinds:")
print(" " * 10, *(f"{x:5.2f}" for x in plans))
least = min(plans)
assert plans.index(least) == 4 and least * line < usd["person"]
fails = 1 - usd["right"] / 100
same = (usd["again"] / 100 - fails) / (1 - fails)
third = mixed(fails, same, 0, 3) / mixed(fails, same, 0, 2)  # fails, after two failures
chances = {k: usd[k] for k in ("steps", "right", "again", "misses", "alarms")}
drawn = simulate(3, **chances, same_verdict=False)
assert all(abs(drawn[k] - alike[k]) < 0.01 for k in drawn)
stubborn = simulate(3, **chances, same_verdict=True)
print("3 tries, 60% again: right, wrong, handed")
for name, shares in (("drawn one by one", drawn), ("a step's checks alike", stubborn)):
    print(f"{name:22s}", *(f"{x:5.1%}" for x in shares.values()))
assert stubborn["handed"] > 2 * alike["handed"]


def verdict(steps, right, again, misses, alarms, attempt, person, harm):
    """The cheapest plan, and whether it is enough cheaper than a person."""
    given = dict(steps=steps, right=right, again=again, attempt=attempt, person=person, harm=harm)
    plans = {0: task(1, **given, misses=100, alarms=0)}  # unchecked, at the same price
    for tries in range(1, most_tries + 1):
        plans[tries] = task(tries, **given, misses=misses, alarms=alarms)
    best = min(plans, key=lambda k: plans[k]["cost"])
    told = {k: 100 * plans[best][k] for k in ("right", "wrong", "handed")}
    told |= dict(tries=max(best, 1), cost=plans[best]["cost"])
    told["by_step"] = min(plans[k]["by_step"] for k in plans if k)
    if told["cost"] * line <= person:
        return told | dict(decision="retry" if best > 1 else "one try" if best else "unchecked")
    if told["by_step"] * line <= person:
        return told | dict(decision="by step")
    return told | dict(decision="too little" if told["cost"] < person else "person")


for name, given in form.items():
    for again in (5, given["again"]):
        said = verdict(**given | dict(again=again))
        print(f"{name}, {again}% again: {said['decision']}", end=", ")
        print(f"{said['tries']} tries, {said['cost']:.2f}")
        assert said["decision"] == ("retry" if again == 5 else "by step")
# --8<-- [end:compare]


# --8<-- [start:flips]
def pays(**given):
    """Whether the agent pays with the whole task handed over."""
    return verdict(**given)["cost"] * line <= given["person"]


def flip(name, from_, to, **given):
    """Where the answer turns between a value with one answer and one with the other."""
    assert pays(**given | {name: from_}) != pays(**given | {name: to})
    for _ in range(40):
        middle = (from_ + to) / 2
        same = pays(**given | {name: middle}) == pays(**given | {name: from_})
        from_, to = (middle, to) if same else (from_, middle)
    return to


again_flips = {name: flip("again", 5, 95, **given) for name, given in form.items()}
print("pays if a retry fails less than", *(f"{v:.1f}%" for v in again_flips.values()))
ends = dict(right=(99.9, 80), misses=(0.1, 60), harm=(0.1, 3000), person=(600, 0.1))
limits = {}
print("pays up to (from)  independent  60% again")
for name, (yes, no) in ends.items():
    limits[name] = []
    for again in ("independent", 60):  # independent: as often as a first try
        shared = usd | dict(again=0 if again == "independent" else again)
        limits[name].append(flip(name, yes, no, **shared))
    print(f"{name:17s} {limits[name][0]:12.2f} {limits[name][1]:10.2f}")
longest = [max(n for n in range(1, 101) if pays(**usd | dict(steps=n, again=a))) for a in (5, 60)]
print(f"{'steps':17s} {longest[0]:12d} {longest[1]:10d}")
assert longest[0] > 2 * longest[1]
choices = dict(steps=(5, 10, 20, 40), right=(90, 95, 98), misses=(2, 5, 10), alarms=(1, 5, 10))
choices |= dict(attempt=(0.01, 0.05), person=(2, 6, 20), harm=(6, 30, 100))
changed = agents = fewer = settings = 0
for values in itertools.product(*choices.values()):
    given = dict(zip(choices, values, strict=True))
    free, bound = verdict(**given, again=0), verdict(**given, again=60)
    settings += 1
    was, now = (x["cost"] * line <= given["person"] for x in (free, bound))
    agents, changed = agents + was, changed + (was and not now)
    assert was or not now  # repeated failures never speak for the agent here
    fewer += was and now and bound["tries"] < free["tries"]
print(f"{settings} settings; the agent pays")
print(f"independent: in {agents}")
print(f"60% again: in {agents - changed} of them, {fewer} with fewer tries")
assert changed > agents / 5


def most_extra(given):
    """Times its share that a person may need for one step, if only that is handed over."""
    holds = [
        times / 10
        for times in range(10, 200)
        for tries in range(1, most_tries + 1)
        if task(tries, **given, extra=times / 10)["by_step"] * line <= given["person"]
    ]
    return max(holds)


bears = {name: most_extra(given) for name, given in form.items()}
print("by step pays up to", *(f"{x:.1f}" for x in bears.values()), "times the share")
assert min(bears.values()) > 2 * extra
# --8<-- [end:flips]

# --8<-- [start:checks]
# One vendor's check of commands, as published: misses of bad ones, alarms on good ones, in percent.
checks = {"fast filter": (6.6, 8.5), "second look": (17.0, 0.4)}


def checked(name, harm):
    misses, alarms = checks[name]
    return verdict(**usd | dict(misses=misses, alarms=alarms, harm=harm))


print("harm check        cost wrong")
for harm in (3, 20):
    for name in checks:
        said = checked(name, harm)
        print(f"{harm:4d} {name:11s} {said['cost']:6.2f}", end=" ")
        print(f"{said['wrong']:4.0f}%")
low, high = 3, 20
while high - low > 0.01:  # the harm at which both cost the same
    harm = (low + high) / 2
    gap = checked("fast filter", harm)["cost"] - checked("second look", harm)["cost"]
    low, high = (harm, high) if gap > 0 else (low, harm)
print(f"the same cost at a harm of {high:.1f}")
assert checked("fast filter", 20)["cost"] < checked("second look", 20)["cost"] - 1
assert 3 < high < usd["person"]
# --8<-- [end:checks]
