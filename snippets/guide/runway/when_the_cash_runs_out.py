# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Cash, not sales less costs, says when to raise, cut or stop."""

# --8<-- [start:inputs]
CLOSING, CUT, HORIZON = 2, 0.30, 36  # months of costs kept; share one can cut; months looked at
person = {"US$": 144_570 / 0.741, "yuan": 124_110 * 1.93 * 1.35}  # a year, with what is on top
dollars = dict(
    cash=1_700_000.0,  # in the bank
    costs=110_000.0,  # a month, without delivery
    sales=30_000.0,  # invoiced in the first month in which you may sell
    growth=8.0,  # percent a month from then on
    margin=60.0,  # percent of sales; the rest is paid in the month of the work
    term=2,  # months from the work to the money
    gate=0,  # months until you may sell
    raising=6,  # months from the first talk to the money
)
companies = dollars | dict(cash=2e6, costs=230_000.0, sales=120_000.0, margin=40.0, term=5)
public = companies | dict(cash=4e6, margin=60.0, term=1, gate=10)
form = {"dollars": dollars, "companies": companies, "public": public}
for money, heads, x in (("US$", 6, dollars), ("yuan", 8, companies)):
    pay = heads * person[money] / 12
    print(f"{heads} people: {pay:,.0f} {money} of the {x['costs']:,.0f} a month")
    assert 0.8 < pay / x["costs"] < 1
# --8<-- [end:inputs]


# --8<-- [start:months]
def flows(costs, sales, growth, margin, term, gate, months, cut=0.0):
    """Cash in less cash out, month by month; a cut pays from the second month on."""

    def sold(month):
        return sales * (1 + growth / 100) ** (month - gate - 1) if month > gate else 0.0

    return [
        sold(m - term) - (1 - margin / 100) * sold(m) - costs * (1 - cut * (m > 1))
        for m in range(1, months + 1)
    ]


def first_below(line, cash, found):
    """The first month that ends below the line, or None."""
    for month, flow in enumerate(found, 1):
        cash += flow
        if cash < line:
            return month
    return None


def path(x, **change):
    return flows(
        **{k: v for k, v in (x | change).items() if k not in ("cash", "raising")}, months=60
    )


empty = {
    said: first_below(0, companies["cash"], path(companies, **change))
    for said, change in {
        "nobody buys": dict(sales=0.0),
        "paid at once": dict(term=0),
        "paid late": {},
    }.items()
}
for said, month in empty.items():
    print(f"{said:12s}: empty in month {month}")
assert empty["paid late"] < empty["nobody buys"] < empty["paid at once"]
# --8<-- [end:months]


# --8<-- [start:limit]
def limit(margin, term):
    """Growth, percent a month, above which selling takes cash in every month."""
    return 100 * ((1 - margin / 100) ** (-1 / term) - 1)


print("margin | paid after 2 |  5 months |  9 months")
for margin in (20, 40, 60):
    found = [limit(margin, term) for term in (2, 5, 9)]
    print(f"{margin:5d}% | {found[0]:11.1f}% | {found[1]:8.1f}% | {found[2]:8.1f}%")
    for term, most in zip((2, 5, 9), found, strict=True):
        for times, brings in ((0.99, True), (1.01, False)):
            last = flows(0.0, 1.0, times * most, margin, term, 0, months=120)[-1]
            assert (last > 0) == brings
# --8<-- [end:limit]


# --8<-- [start:decision]
def runway(cash, costs, sales, growth, margin, term, gate, raising):
    """The months that decide, and the decision."""
    rest = dict(costs=costs, sales=sales, growth=growth, margin=margin, term=term, gate=gate)
    keep = CLOSING * costs
    out = first_below(keep, cash, flows(**rest, months=HORIZON))
    after = first_below(keep * (1 - CUT), cash, flows(**rest, months=HORIZON, cut=CUT))
    begin = None if out is None else out - raising
    if out is None:
        decision = "go on"
    elif begin >= 1:
        decision = "raise"
    elif after is None:
        decision = "cut"
    else:
        decision = "cut and raise" if after - raising >= 1 else "stop"
    burn = costs - margin / 100 * sales * (gate == 0)
    simple = cash / burn if burn > 0 else None
    return dict(simple=simple, out=out, begin=begin, after=after, decision=decision)


said = {name: runway(**x) for name, x in form.items()}
print("          | cash/burn | reserve | begin | after cut")
for name, x in said.items():
    after = x["after"] or "later"
    print(f"{name:9s} | {x['simple']:9.1f} | {x['out']:7} | {x['begin']:5} | {after:>5}")
    print(f"  {x['decision']}")
nobody = runway(**companies | dict(sales=0.0))["decision"]
print(f"companies, if nobody bought: {nobody}")
assert (nobody, said["companies"]["decision"]) == ("raise", "cut and raise")
for cash in range(1_000_000, 3_000_000, 70_001):  # no growth, paid at once: one division
    steady = companies | dict(cash=cash, growth=0.0, term=0)
    loses = steady["costs"] - steady["margin"] / 100 * steady["sales"]
    left = (cash - CLOSING * steady["costs"]) / loses
    assert runway(**steady)["out"] == int(left) + 1
# --8<-- [end:decision]


# --8<-- [start:flips]
def flip(x, name, far, steps=400):
    """Value nearest to here, on the way to far, at which the decision changes, and to what."""
    here, now = x[name], runway(**x)["decision"]
    for step in range(1, steps + 1):
        there = x[name] + (far - x[name]) * step / steps
        there = round(there) if isinstance(x[name], int) else there
        other = runway(**x | {name: there})["decision"]
        if other == now:
            here = there
            continue
        for _ in range(0 if isinstance(there, int) else 40):
            middle = (here + there) / 2
            same = runway(**x | {name: middle})["decision"] == now
            here, there = (middle, there) if same else (here, middle)
        return there, runway(**x | {name: there})["decision"]
    return None


ends = dict(cash=(0, 4), costs=(0.25, 3), sales=(0, 4), growth=(0, 3), margin=(0.1, 1.6))
flips = {}
for name, x in form.items():
    print(name)
    for key in x:
        fars = [x[key] * times for times in ends[key]] if key in ends else [0, 18]
        for side, far in zip(("less", "more"), fars, strict=True):
            found = flip(x, key, far)
            if found:
                flips[name, key, side] = found
                print(f"  {key:8s}{x[key]:9,.0f} -> {found[0]:11,.1f}: {found[1]}")
assert flips["companies", "sales", "more"][1] == "stop" != said["companies"]["decision"]
assert flips["companies", "term", "less"] == (3, "raise")
assert flips["public", "gate", "less"] == (7, "go on")
# --8<-- [end:flips]
