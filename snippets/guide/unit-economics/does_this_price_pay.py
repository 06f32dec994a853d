# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Whether an accepted result pays at its price, and how soon a customer does."""

# --8<-- [start:inputs]
import math

MARGIN, MONTHS = 0.60, 12  # what you ask for, fixed beforehand
base = dict(
    price=0.99,  # US$, one accepted result
    try_cost=0.022,  # US$, tokens of one try
    minutes=0.4,  # review of one try, on average
    hour=30.0,  # US$, what an hour of the reviewer costs you
    accepted=67.0,  # of a hundred tries
    volume=1_000.0,  # accepted results a month, one customer
    win=4_000.0,  # US$, to win and set up one customer
    term=1.0,  # months from the work to the money
)
yuan = base | dict(price=2.5, try_cost=0.15, hour=60.0, win=12_000.0, term=2.0)
# --8<-- [end:inputs]


# --8<-- [start:decision]
def pays(price, try_cost, minutes, hour, accepted, volume, win, term):
    """Cost, floor, margin, payback and the decision for one accepted result."""
    review = minutes * hour / 60
    cost = (try_cost + review) / (accepted / 100)
    margin = 1 - cost / price
    gain = volume * (price - cost)
    payback = math.ceil((win + term * volume * price) / gain) if gain > 0 else None
    if margin <= 0:
        decision = "each one loses"
    elif margin < MARGIN:
        decision = "under the floor"
    else:
        decision = "sell" if payback <= MONTHS else "too slow"
    return dict(
        cost=cost,
        people=100 * review / (try_cost + review) if try_cost + review else 0.0,
        floor=cost / (1 - MARGIN),
        margin=100 * margin,
        payback=payback,
        deepest=win + term * volume * cost if gain > 0 else None,
        decision=decision,
    )


form = {"dollars": base, "yuan": yuan}
for money, x in form.items():
    said = pays(**x)
    print(f"{money}: cost {said['cost']:.2f}, floor {said['floor']:.2f}", end=", ")
    print(f"margin {said['margin']:.0f}%, payback {said['payback']} months: {said['decision']}")
# --8<-- [end:decision]


# --8<-- [start:cash]
def first_month_in_cash(price, volume, win, term, **x):
    """The same month from the cash of each month, customer by customer."""
    cost, cash, low = pays(price, volume=volume, win=win, term=term, **x)["cost"], -win, 0.0
    for month in range(1, 1000):
        cash -= volume * cost
        cash += volume * price * (month > term)
        low = min(low, cash)
        if cash >= 0:
            return month, -low


for x in form.values():
    month, low = first_month_in_cash(**x)
    assert month == pays(**x)["payback"] and math.isclose(low, pays(**x)["deepest"])
late = {term: pays(**yuan | dict(term=term)) for term in (0, 2, 4)}
for term, x in late.items():
    print(f"yuan, paid after {term} months: back in {x['payback']}, {x['decision']}")
assert late[2]["decision"] == "sell" and late[4]["decision"] == "too slow"
# --8<-- [end:cash]


# --8<-- [start:flips]
def flip(x, name, far):
    """Value between here and far at which the decision changes, or None."""
    here, now = x[name], pays(**x)["decision"]
    if pays(**x | {name: far})["decision"] == now:
        return None
    for _ in range(60):
        middle = (here + far) / 2
        here, far = (
            (middle, far) if pays(**x | {name: middle})["decision"] == now else (here, middle)
        )
    return far


worse = dict(
    price=1 / 8, try_cost=8, minutes=8, hour=8, accepted=1 / 8, volume=1 / 8, win=8, term=8
)
flips = {m: {n: flip(x, n, x[n] * far) for n, far in worse.items()} for m, x in form.items()}
for money, found in flips.items():
    for name, value in found.items():
        there = form[money][name]
        print(
            f"{money:7s} {name:9s}{there:9,.2f}  flips at {value:9,.3f}, {value / there - 1:+.0%}"
        )
        assert pays(**form[money] | {name: there + 0.97 * (value - there)})["decision"] == "sell"
dollar_flips = flips["dollars"]
assert dollar_flips["try_cost"] > 2.5 * base["try_cost"]
assert dollar_flips["minutes"] < 1.3 * base["minutes"]
assert flips["yuan"]["try_cost"] < 2 * yuan["try_cost"]
# --8<-- [end:flips]
