# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Which decision of the guide needs which others, and that each comes after what it needs."""

# --8<-- [start:needs]
# Decision: the day on which it is due, and what it needs itself; what that needs is left out.
plan = {
    "compliance": (1, []),
    "runway": (2, ["compliance"]),
    "evaluation": (11, []),
    "advantage": (26, ["evaluation"]),
    "data": (30, ["evaluation"]),
    "agents": (34, ["evaluation"]),
    "wedge": (46, ["runway", "advantage"]),
    "economics": (76, ["agents", "wedge"]),
    "route": (91, ["data", "economics"]),
}
names = list(plan)


def rests_on(name):
    """Everything that a decision needs, and what that needs in turn."""
    needs = plan[name][1]
    return set(needs).union(*map(rests_on, needs))


for number, name in enumerate(names, 1):
    needs = [names.index(need) + 1 for need in plan[name][1]]
    print(f"{number} {name:<10} day {plan[name][0]:>2}  needs {needs or 'nothing'}")
assert all(plan[need][0] < day for day, needs in plan.values() for need in needs)
behind = {name: sum(name in rests_on(other) for other in names) for name in names}
print("how many rest on it:", behind)
assert max(behind, key=behind.get) == "evaluation"
# --8<-- [end:needs]

# --8<-- [start:figure]
import matplotlib.pyplot as plt

side = {"compliance": 0, "runway": 0, "advantage": 0.7, "wedge": 0.5, "evaluation": 1.4}
side |= {"data": 2, "agents": 1.4, "economics": 1.0, "route": 1.7}
fig, ax = plt.subplots(figsize=(4, 5.4))
spot = {name: (side[name], plan[name][0] + 6 * (name == "runway")) for name in names}
for name, (_, needs) in plan.items():
    for need in needs:
        arrow = dict(arrowstyle="->", color="C0", shrinkA=11, shrinkB=11)
        ax.annotate("", spot[name], spot[need], arrowprops=arrow)
for number, name in enumerate(names, 1):
    ax.plot(*spot[name], "o", ms=20, mfc="none", mec="C0", mew=1.5)
    ax.annotate(str(number), spot[name], ha="center", va="center", fontsize=12)
ax.set(xlim=(-0.35, 2.3), ylim=(100, -8), xticks=[], yticks=[1, 11, 26, 46, 76, 91], ylabel="day")
ax.spines[["top", "right", "bottom"]].set_visible(False)
fig.tight_layout()
plt.show()
# --8<-- [end:figure]
