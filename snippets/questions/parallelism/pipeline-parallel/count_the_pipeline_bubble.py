# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""GPipe and 1F1B have the same bubble; 1F1B holds fewer activations."""

# --8<-- [start:orders]
from fractions import Fraction

import matplotlib.pyplot as plt


def gpipe(stage, stages, micro):
    forward = [("forward", i) for i in range(micro)]
    return forward + [("backward", i) for i in reversed(range(micro))]


def one_forward_one_backward(stage, stages, micro):
    ahead = min(stages - stage, micro)  # (1)!
    order = [("forward", i) for i in range(ahead)]
    for i in range(micro):
        order.append(("backward", i))
        if ahead + i < micro:
            order.append(("forward", ahead + i))
    return order


# --8<-- [end:orders]


# --8<-- [start:simulate]
def simulate(schedule, stages, micro, cost):
    queues = [schedule(s, stages, micro) for s in range(stages)]
    free, end, blocks = [0] * stages, {}, []
    while any(queues):
        for stage, queue in enumerate(queues):
            while queue:
                kind, i = queue[0]
                needs = [(stage - 1, "forward", i)] if stage else []
                if kind == "backward":
                    needs = [(stage, "forward", i)]
                    if stage < stages - 1:
                        needs.append((stage + 1, "backward", i))
                if not all(need in end for need in needs):
                    break
                begin = max([free[stage]] + [end[need] for need in needs])
                free[stage] = end[stage, kind, i] = begin + cost[kind]
                blocks.append((stage, kind, begin))
                queue.pop(0)
    return blocks, max(free)


# --8<-- [end:simulate]


# --8<-- [start:count]
cost = {"forward": 1, "backward": 2}


def measure(schedule, stages, micro):
    blocks, length = simulate(schedule, stages, micro, cost)
    busy = sum(cost[kind] for _, kind, _ in blocks)
    idle = stages * length - busy  # Counted, stage by stage and unit by unit.
    alive, peak = 0, 0
    for stage, kind, _ in blocks:
        if stage == 0:
            alive += 1 if kind == "forward" else -1
            peak = max(peak, alive)
    return Fraction(idle, stages * length), Fraction(idle, busy), peak


grid = [(p, m) for p in (2, 4, 8) for m in (1, 2, 4, 8, 16, 32)]
for p, m in grid:
    for schedule in (gpipe, one_forward_one_backward):
        of_total, of_work, _ = measure(schedule, p, m)
        assert of_total == Fraction(p - 1, m + p - 1)
        assert of_work == Fraction(p - 1, m)
# --8<-- [end:count]

# --8<-- [start:report]
p = 4
print("4 stages     idle / total  / work  stage 0 keeps")
result = {}
for m in (1, 4, 8, 32):
    for schedule in (gpipe, one_forward_one_backward):
        of_total, of_work, peak = measure(schedule, p, m)
        result[schedule, m] = of_total, of_work, peak
        name = "GPipe" if schedule is gpipe else "1F1B"
        share = f"{of_total!s:>5} = {float(of_total):5.1%}"
        print(f"m = {m:2d} {name:5s} {share} {of_work!s:>7} {peak:8d}")
        assert peak == (m if schedule is gpipe else min(p, m))
# --8<-- [end:report]

# --8<-- [start:figure]
figure, rows = plt.subplots(2, sharex=True, figsize=(6.4, 3.4))
named = {"GPipe": gpipe, "1F1B": one_forward_one_backward}
for axes, (name, schedule) in zip(rows, named.items(), strict=True):
    for stage, kind, begin in simulate(schedule, p, 8, cost)[0]:
        colour = "C0" if kind == "forward" else "C1"
        span = [(begin + 0.05, cost[kind] - 0.1)]
        axes.broken_barh(span, (stage - 0.4, 0.8), color=colour)
    axes.set(ylabel=f"{name}\nstage", yticks=range(p))
    axes.invert_yaxis()
for kind, colour in (("forward", "C0"), ("backward", "C1")):
    rows[0].plot([], [], color=colour, linewidth=6, label=kind)
rows[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
rows[1].set_xlabel("time (one forward pass of one micro-batch = 1)")
figure.tight_layout()
plt.show()
# --8<-- [end:figure]
