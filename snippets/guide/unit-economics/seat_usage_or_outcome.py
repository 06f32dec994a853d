# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""A seat carries how much is used, an outcome how often it works, a meter neither."""

# --8<-- [start:inputs]
MARGIN = 0.60  # what you ask for, fixed beforehand
offer = dict(  # expected, and the same for every unit
    each=0.222,  # US$, one try with its review
    per_seat=60,  # tries a month
    right=0.67,  # accepted of tries
    price=0.99,  # US$ for an accepted result; the prices of a try and of a seat follow
)
fear = dict(right_low=0.60, use_low=0.5, use_high=3.0)  # what may come instead
limits = dict(worth=1.5, bill=4.0)  # the customer's: US$ a result; times the expected bill
# --8<-- [end:inputs]


# --8<-- [start:units]
def worst(unit, each, per_seat, right, price, right_low, use_low, use_high):
    """Your margin, the customer's price of a result and bill, each at its worst."""
    seat, meter = price * right * per_seat, price * right
    margins, results, bills = [], [], []
    cap = (1 - MARGIN) * meter / each  # times the expected use
    most = min(use_high, cap) if unit == "capped seat" else use_high
    for rate in (right_low, right):
        for times in (use_low, 1, most):
            tries = times * per_seat
            paid = dict(outcome=price * rate * tries, usage=meter * tries).get(unit, seat)
            margins.append(1 - each * tries / paid)
            results.append(paid / (rate * tries))
            bills.append(paid / seat)
    return min(margins), max(results), max(bills)


def unit(worth, bill, **x):
    """The first that keeps your margin, the customer's price of a result and bill."""
    for name in ("outcome", "usage", "seat", "capped seat"):
        margin, result, times = worst(name, **x)
        if margin >= MARGIN - 1e-9 and result <= worth and times <= bill:
            return name
    return "none"


print("at its worst | margin | result | bill")  # yours; US$; times
for name in ("outcome", "usage", "seat", "capped seat"):
    margin, result, bill = worst(name, **offer, **fear)
    print(f"{name:12s} | {margin:6.1%} | {result:6.2f} | {bill:4.1f}")
cases = {
    "as above": {},
    "accepted down to 50%": dict(right_low=0.50),
    "down to 40%": dict(right_low=0.40),
    "bill may not grow": dict(bill=1.0, worth=3.0),
    "and use by a tenth": dict(bill=1.0, worth=3.0, use_high=1.1),
}
chosen = {name: unit(**offer | fear | limits | change) for name, change in cases.items()}
for name, answer in chosen.items():
    print(f"{name:22s} {answer}")
assert list(chosen.values()) == ["outcome", "usage", "none", "capped seat", "seat"]
# --8<-- [end:units]

# --8<-- [start:flips]
rates = [i / 1000 for i in range(1, 671)]
by_rate = [unit(**offer | fear | limits | dict(right_low=rate)) for rate in rates]
outcome_from = offer["each"] / ((1 - MARGIN) * offer["price"])
usage_from = offer["price"] * offer["right"] / limits["worth"]
print(f"outcome from {outcome_from:.1%}, usage from {usage_from:.1%} accepted")
for limit, name in ((outcome_from, "outcome"), (usage_from, "usage")):
    assert abs(rates[by_rate.index(name)] - limit) < 0.0011
seat_up_to = (1 - MARGIN) * offer["price"] * offer["right"] / offer["each"]
fixed = dict(bill=1.0, worth=3.0)  # a customer whose bill may not grow
near = [unit(**offer | fear | fixed | dict(use_high=seat_up_to * x)) for x in (0.99, 1.01)]
print(f"a seat without a cap up to {seat_up_to:.2f} times the use")
assert near == ["seat", "capped seat"]
# --8<-- [end:flips]
