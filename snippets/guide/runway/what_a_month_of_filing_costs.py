# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""No sales before the filing: what a month of it costs, and what fine-tuning has to bring."""

# --8<-- [start:inputs]
filings = {  # months until you may sell: all at once and fast; one by one and slow
    "as it is": (3, 6),  # algorithm filing and registration
    "changed": (3, 10),  # algorithm filing and model filing
}
public = dict(costs=230_000, sales=120_000, growth=0.08, margin=0.60, term=1)  # yuan
cash, reserve, horizon = 4_000_000, 460_000, 24
# --8<-- [end:inputs]


# --8<-- [start:delay]
def balances(gate, costs, sales, growth, margin, term, months=horizon):
    """Cash at the end of each month, from nothing; sales begin when you may sell."""
    sold = [0.0] * (term + gate) + [sales * (1 + growth) ** i for i in range(months)]
    found = [0.0]
    for month in range(months):
        found.append(found[-1] + sold[month] - (1 - margin) * sold[month + term] - costs)
    return found[1:]


print("sell after | lowest, in month | after 24 months")
for gate in (0, 3, 6, 10):
    path = balances(gate, **public)
    low = min(path)
    print(f"{gate:3d} months | {low:10,.0f} in {path.index(low) + 1} | {path[-1]:10,.0f}")
early, late = balances(6, **public, months=60), balances(7, **public, months=60)
deeper = min(early) - min(late)
first = public["margin"] * public["sales"]
lost = early[horizon - 1] - late[horizon - 1]
print(f"a month more: lowest {deeper:,.0f} deeper")
print(f"and {lost:,.0f} less after 24 months")
print(f"the first month of sales would bring {first:,.0f}")
assert abs(deeper - public["costs"]) < 1
assert lost > 2.5 * first
# --8<-- [end:delay]


# --8<-- [start:routes]
def must_sell(x, fast):
    """Times as much a changed model has to sell, to end with as much cash as one as it is."""
    plain, changed = (months[0 if fast else 1] for months in filings.values())
    low, high = 0.1, 20.0
    for _ in range(60):
        times = (low + high) / 2
        better = balances(changed, **x | dict(sales=times * x["sales"]))[-1]
        low, high = (low, times) if better > balances(plain, **x)[-1] else (times, high)
    return high


def geometric(growth, slow, fast):
    """The same if money came at once: what both have sold by the horizon is equal."""
    return ((1 + growth) ** (horizon - fast) - 1) / ((1 + growth) ** (horizon - slow) - 1)


times = {fast: must_sell(public, fast) for fast in (True, False)}
slow = geometric(public["growth"], filings["changed"][1], filings["as it is"][1])
assert abs(must_sell(public | dict(term=0), False) / slow - 1) < 1e-6
print(f"changed has to sell {times[True]:.2f} (fast) to {times[False]:.2f} times")
lasts = {
    name: cash + min(balances(months[1], **public)) >= reserve for name, months in filings.items()
}
for name, found in lasts.items():
    print(f"{name}, slow: {'lasts' if found else 'needs money'}")
assert abs(times[True] - 1) < 1e-6 and times[False] > 1.5
assert lasts == {"as it is": True, "changed": False}
# --8<-- [end:routes]
