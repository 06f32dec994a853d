# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Which buyer to sell to depends on the month that your cash has to reach."""

# --8<-- [start:inputs]
import math

import matplotlib.pyplot as plt

# What a lead costs and the chance that it signs; months until it signs, from
# there to the first bill, from a bill to the money, and that a bill covers;
# a month: price, what serving costs, share of customers who stay.
names = ("lead", "win", "signs", "bill", "pays", "every", "price", "serve", "stay")
tables = {
    "yuan": {
        "self-serve": (60, 0.03, 0.5, 0, 0, 1, 300, 60, 0.95),
        "enterprise": (15_000, 0.20, 5, 1, 2, 12, 10_000, 3_000, 1),
        "state-owned": (60_000, 0.30, 9, 4, 2, 12, 60_000, 20_000, 1),
    },
    "dollars": {
        "self-serve": (15, 0.03, 0.5, 0, 0, 1, 75, 15, 0.95),
        "enterprise": (4_000, 0.20, 5, 0, 2, 12, 3_000, 900, 1),
        "public body": (20_000, 0.30, 10, 1, 1, 1, 25_000, 8_000, 1),
    },
}
spend = {"yuan": 300_000, "dollars": 100_000}  # on leads, all at the start
cash = {"yuan": 500_000, "dollars": 130_000}  # that this wedge may use up
capital = 0.20  # a year, what waiting for money costs you
term = 36  # months that a customer has the product at most
# --8<-- [end:inputs]


# --8<-- [start:cash]
def flows(x):
    """Month and amount of what a customer is expected to pay and to cost."""
    bills = [(x["signs"] + x["bill"] + j + x["pays"], j) for j in range(0, term, x["every"])]
    paid = [(when, x["every"] * x["price"] * x["stay"] ** j) for when, j in bills]
    cost = [(x["signs"] + j, -x["serve"] * x["stay"] ** j) for j in range(term)]
    return paid + cost


def by_month(x, month, spend, rate=capital):
    """Expected cash from this spend on leads by then, in money of today."""
    won = sum(y / (1 + rate) ** (t / 12) for t, y in flows(x) if t <= month)
    return spend // x["lead"] * (x["win"] * won - x["lead"])


def nothing(x, spend):
    """Chance that no lead signs."""
    return (1 - x["win"]) ** (spend // x["lead"])


def who_pays(table, month, spend, cash, rate=capital):
    """Most cash by then, of buyers who rarely leave you with nothing; or None."""
    found = {}
    for name, x in table.items():
        low = min(by_month(x, t, spend, rate=0) for t in range(1, month + 1))
        end = by_month(x, month, spend, rate)
        if nothing(x, spend) <= 0.20 and low >= -cash and end > 0:
            found[name] = end
    return max(found, key=found.get, default=None)


# --8<-- [end:cash]

# --8<-- [start:decision]
buyers = {
    money: {name: dict(zip(names, x, strict=True)) for name, x in table.items()}
    for money, table in tables.items()
}
months = range(1, 49)
said, turns = {}, {}
for money, table in buyers.items():
    told = said[money] = [who_pays(table, t, spend[money], cash[money]) for t in months]
    turns[money] = [t for t in months[1:] if told[t - 1] != told[t - 2]]
    print(f"{money}: {told[0]},", ", ".join(f"from month {t} {told[t - 1]}" for t in turns[money]))
state, firm, own = (buyers["yuan"][x] for x in ("state-owned", "enterprise", "self-serve"))
low = min(by_month(state, t, spend["yuan"], rate=0) for t in months)
print(f"state-owned: lowest point {low:,.0f} yuan", end=", ")
print(f"no contract at all {nothing(state, spend['yuan']):.0%} of the time")
assert said["yuan"][5] is None and said["yuan"][11] == "enterprise"
assert said["yuan"][17] == said["yuan"][35] == "state-owned"
# By hand, without a cost of capital: two yearly bills paid by month 27 and nineteen
# months served; trials of which a twentieth leaves every month, by month 18.
hand = 5 * (0.30 * (2 * 720_000 - 19 * 20_000) - 60_000)
assert math.isclose(by_month(state, 27, 300_000, rate=0), hand)
hand = 5_000 * (0.03 * 240 * (1 - 0.95**18) / 0.05 - 60)
assert math.isclose(by_month(own, 18, 300_000, rate=0), hand)
# --8<-- [end:decision]

# --8<-- [start:figure]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
for (name, x), style in zip(buyers["yuan"].items(), ("-", "--", ":"), strict=True):
    ax.plot(
        months, [by_month(x, t, spend["yuan"], rate=0) / 1_000 for t in months], style, label=name
    )
ax.axhline(0, color="C7", lw=1)
ax.axhline(-cash["yuan"] / 1_000, color="C3", lw=1)
ax.set(xlabel="month", ylabel="expected cash, thousand yuan")
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:figure]


# --8<-- [start:flips]
def changed(money, name=None, rate=capital, funds=None, **other):
    """Months of the 48 in which another rate, or other inputs of one buyer, decide."""
    table, funds = buyers[money], funds or cash[money]
    if name:
        table = table | {name: table[name] | other}
    new = [who_pays(table, t, spend[money], funds, rate) for t in months]
    return sum(a != b for a, b in zip(new, said[money], strict=True))


turned = {}
for money, name in (("yuan", "state-owned"), ("dollars", "public body")):
    rates = [changed(money, rate=x) for x in (0.0, 0.60)]
    pays = buyers[money][name]["pays"] + 1
    late, rich = (changed(money, name, pays=pays, funds=x) for x in (None, math.inf))
    turned[money] = *rates, late, rich
    print(f"{money}: capital at 0% or 60% turns {rates[0]} or {rates[1]} of 48 months", end=", ")
    print(f"{name} paying a month later {late}, with cash to spare {rich}")
    assert changed(money, funds=math.inf) == 0 and max(*rates, rich) <= 5 < 24 < late
late = state | dict(pays=3)
deep = min(by_month(late, t, spend["yuan"], rate=0) for t in months)
one, two = (
    min(by_month(state | dict(win=n / 5), t, spend["yuan"], rate=0) for t in months) for n in (1, 2)
)
often = 1 - 0.7**5 - 5 * 0.3 * 0.7**4  # two contracts or more of five
print(f"state-owned, lowest point: a month later {deep:,.0f}", end=", ")
print(f"two contracts {two:,.0f} yuan; two or more {often:.0%} of the time")
assert max(deep, two) < -cash["yuan"] < low < one and often > 0.4
by = {n: [t for t in months if by_month(firm | dict(every=n), t, 300_000) > 0][0] for n in (12, 3)}
print(f"enterprise in yuan pays back in month {by[12]}, billed by the quarter in {by[3]}")
assert by[3] >= by[12] + 12
at = [who_pays(buyers["yuan"], 18, spend["yuan"], x) for x in (-low + 1, -low - 1)]
few = who_pays(buyers["yuan"], 18, 240_000, cash["yuan"])
rarely = buyers["yuan"] | {"state-owned": state | dict(win=0.27)}
less = who_pays(rarely, 18, spend["yuan"], cash["yuan"])
print(f"month 18 with a little less cash than {-low:,.0f} yuan: {at[1]}", end=", ")
print(f"with four tenders: {few}, at a win rate of 27%: {less}")
assert at[0] == "state-owned" and "state-owned" not in (at[1], few, less)
# --8<-- [end:flips]
