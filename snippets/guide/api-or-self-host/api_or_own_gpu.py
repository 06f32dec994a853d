# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Owning GPUs pays when your API bill passes the bill for your own peak."""

# --8<-- [start:inputs]
import math

import matplotlib.pyplot as plt

HOURS_PER_MONTH = 730
base = dict(
    input_tokens=1024,  # per request, the shape that was measured
    output_tokens=128,
    api_input_price=0.20,  # US$ per million tokens
    api_output_price=0.20,
    gpu_hour_price=3.99,  # US$, one H100 SXM on demand
    requests_per_second=32.26,  # one full H100, FP8, latency limit kept
    peak_to_average=3,  # the busiest hour against the mean
    spare_gpus=1,  # one may fail at the peak
    people_per_month=4_000,  # US$, a part of one engineer
)
ascend = base | dict(  # the same choice in yuan
    api_input_price=1.0,  # yuan, DeepSeek V4.1 Flash, off-peak
    api_output_price=4.0,
    gpu_hour_price=10.0,  # yuan, not a list price: put in your quote
    requests_per_second=14_485 / (1024 + 128),  # one Ascend 910B, W8A8
    people_per_month=20_000,  # yuan, an assumption
)
# --8<-- [end:inputs]


# --8<-- [start:cost]
def api_per_thousand(x):
    """US$ for a thousand requests sent to an API."""
    prompt = x["input_tokens"] * x["api_input_price"]
    answer = x["output_tokens"] * x["api_output_price"]
    return (prompt + answer) / 1_000


def api_bill(x, rate):
    """US$ a month for an average of rate requests a second."""
    thousands = rate * 3.6 * HOURS_PER_MONTH  # 3,600 seconds an hour
    return thousands * api_per_thousand(x)


def gpus(x, rate):
    """GPUs that carry the peak of this traffic, and the spare ones."""
    peak = rate * x["peak_to_average"]
    return math.ceil(peak / x["requests_per_second"]) + x["spare_gpus"]


def own_bill(x, rate):
    """US$ a month for these GPUs, busy or idle, and the people."""
    hours = gpus(x, rate) * HOURS_PER_MONTH
    return hours * x["gpu_hour_price"] + x["people_per_month"]


# --8<-- [end:cost]

# --8<-- [start:offers]
offers = {
    "4B to 16B, Fireworks": (0.20, 0.20),
    "Llama 3.1 8B, Amazon Bedrock": (0.22, 0.22),
    "Llama 3.1 8B, DeepInfra": (0.02, 0.04),
    "Qwen3-8B, Alibaba": (0.117, 0.455),
    "DeepSeek V4.1 Flash, off-peak": (0.15, 0.60),
    "DeepSeek V4.1 Flash, peak": (0.30, 1.20),
}


def priced(x, prices):
    """The same inputs with other API prices, input and output."""
    return x | dict(api_input_price=prices[0], api_output_price=prices[1])


for name, prices in offers.items():
    dollars = api_per_thousand(priced(base, prices))
    print(f"{name:30s} US${dollars:.4f} per thousand requests")
full = base["gpu_hour_price"] / base["requests_per_second"] / 3.6
print(f"{'one H100 that is never idle':30s} US${full:.4f}")
low = priced(base, offers["Llama 3.1 8B, DeepInfra"])
high = priced(base, offers["Llama 3.1 8B, Amazon Bedrock"])
times = api_per_thousand(high) / api_per_thousand(low)
assert times > 9  # one model, two providers
assert own_bill(low, 1e6) > api_bill(low, 1e6)  # at any traffic
# --8<-- [end:offers]


# --8<-- [start:breakeven]
def pays_from(x, margin=1.0):
    """Traffic from which the API stays margin times as dear, or None."""
    rates = [i / 10 for i in range(1, 5_001)]
    dear = [r for r in rates if api_bill(x, r) < margin * own_bill(x, r)]
    after = rates.index(dear[-1]) + 1 if dear else 0
    return rates[after] if after < len(rates) else None


start, safe = pays_from(base), pays_from(base, margin=1.5)
even_bill, safe_bill = api_bill(base, start), api_bill(base, safe)
busy = start / gpus(base, start) / base["requests_per_second"]
print(f"own GPUs are cheaper from {start:.1f} requests/s", end=", ")
print(f"{gpus(base, start)} GPUs at {busy:.0%} load")
print(f"API bill there US${even_bill:,.0f}", end=", ")
print(f"own US${own_bill(base, start):,.0f}")
print(f"API 1.5 times as dear from US${safe_bill:,.0f} a month")
# --8<-- [end:breakeven]

# --8<-- [start:decision]
two_gpus = base["requests_per_second"] / base["peak_to_average"]
assert gpus(base, two_gpus) == 2  # one works, one is spare
assert own_bill(base, two_gpus) > api_bill(base, two_gpus)
# A price cut by a third: the wait for 1.5 survives it, break-even does not.
cut = priced(base, (0.20 * 2 / 3, 0.20 * 2 / 3))
assert own_bill(cut, start) > api_bill(cut, start)
for rate in (safe, 2 * safe, 9 * safe):
    assert own_bill(cut, rate) <= api_bill(cut, rate)
# However large the traffic, the peak decides whether it can pay at all.
most = api_per_thousand(base) / full  # peak_to_average must stay below
print(f"above a peak of {most:.1f} times the average it never pays")
for peak, can_pay in ((0.97 * most, True), (1.03 * most, False)):
    x = base | dict(peak_to_average=peak)
    assert (own_bill(x, 1e5) < api_bill(x, 1e5)) == can_pay
# --8<-- [end:decision]

# --8<-- [start:bills]
traffic = [i / 10 for i in range(5, 801)]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
own = [own_bill(base, r) / 1_000 for r in traffic]
ax.plot(traffic, own, label="own GPUs and people")
for name in ("4B to 16B, Fireworks", "Llama 3.1 8B, DeepInfra"):
    bills = [api_bill(priced(base, offers[name]), r) / 1_000 for r in traffic]
    ax.plot(traffic, bills, ls="--", label=f"API, {name}")
ax.axvline(start, color="C7", lw=1)
ax.set(xlabel="requests a second, average", ylabel="thousand US$ a month")
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:bills]

# --8<-- [start:sensitivity]
ranges = {
    "API price": (high, low),
    "GPU-hour price": (dict(gpu_hour_price=2.69), dict(gpu_hour_price=6.88)),
    "peak to average": (dict(peak_to_average=1.5), dict(peak_to_average=5)),
    "people": (dict(people_per_month=0), dict(people_per_month=12_000)),
    "spare GPUs": (dict(spare_gpus=0), dict(spare_gpus=2)),
    "requests/s per GPU": (dict(), dict(requests_per_second=23.58)),
}
swings = {}
for name, (kind, harsh) in ranges.items():
    ends = [(x, pays_from(x)) for x in (base | kind, base | harsh)]
    swings[name] = [api_bill(x, r) if r else math.inf for x, r in ends]
    text = [f"US${x:,.0f}" if x < math.inf else "never" for x in swings[name]]
    print(f"{name:19s} own GPUs are cheaper from {' to '.join(text)}")
factor = {name: b / a for name, (a, b) in swings.items()}
assert [name for name in factor if factor[name] == math.inf] == ["API price"]
assert sorted(factor, key=factor.get)[-2] == "GPU-hour price"
azure = base | dict(gpu_hour_price=12.29)  # outside the range
assert own_bill(azure, 1e6) > api_bill(azure, 1e6)
dear = base | dict(gpu_hour_price=6.88, peak_to_average=5)  # both at once
assert own_bill(dear, 1e6) > api_bill(dear, 1e6)
# --8<-- [end:sensitivity]

# --8<-- [start:yuan]
for price in (5, 10, 20, 25):  # yuan an hour: put in your quote
    x = ascend | dict(gpu_hour_price=price)
    rate = pays_from(x)
    bill = f"from {api_bill(x, rate):,.0f} yuan a month" if rate else "never"
    print(f"910B at {price:2d} yuan an hour: own cards are cheaper {bill}")
peak = ascend["peak_to_average"]
ceiling = ascend["requests_per_second"] * 3.6 * api_per_thousand(ascend) / peak
print(f"above {ceiling:.0f} yuan an hour no traffic is large enough")
for price, pays in ((0.97 * ceiling, True), (1.03 * ceiling, False)):
    x = ascend | dict(gpu_hour_price=price)
    assert (own_bill(x, 1e5) < api_bill(x, 1e5)) == pays
# --8<-- [end:yuan]


# --8<-- [start:route]
def route(x, rate, margin=1.5):
    """The decision: own GPUs when the API is margin times as dear."""
    dear = api_bill(x, rate) >= margin * own_bill(x, rate)
    return "own GPUs" if dear else "API"


def flip(x, rate, name, other_end):
    """Value between here and other_end at which this decision changes."""
    here, there, now = x[name], other_end, route(x, rate)
    if route(x | {name: there}, rate) == now:
        return None
    for _ in range(60):  # halve the gap
        middle = (here + there) / 2
        if route(x | {name: middle}, rate) == now:
            here = middle
        else:
            there = middle
    return there


def flips(x, rate, unit):
    """Each input alone, moved until the decision changes."""
    print(f"{unit}, {rate} requests a second: {route(x, rate)}")
    found = {}
    for name, factor in (
        ("gpu_hour_price", 4),
        ("requests_per_second", 1 / 4),
        ("peak_to_average", 4),
        ("people_per_month", 8),
    ):
        start = x[name]
        if route(x, rate) == "API":
            factor = 1 / factor
        found[name] = value = flip(x, rate, name, start * factor)
        text = f"{value:,.2f}" if value else f"not up to {start * factor:,.2f}"
        print(f"  {name:20s} {start:9,.2f}  flips at {text}")
        if value:
            wider = start + 1.03 * (value - start)
            nearer = start + 0.97 * (value - start)
            assert route(x | {name: wider}, rate) != route(x, rate)
            assert route(x | {name: nearer}, rate) == route(x, rate)
    return found


busy_flips = flips(base, 80, "US$")
quiet_flips = flips(base, 40, "US$")
yuan_flips = flips(ascend, 80, "yuan")
cuts = [i / 1000 for i in range(1, 1000)]
cut_flip = next(c for c in cuts if route(priced(base, (0.2 * (1 - c),) * 2), 80) == "API")
print(f"at 80 requests a second an API price cut of {cut_flip:.1%} flips it back")
assert route(base, 80) == "own GPUs" and route(base, 40) == "API"
assert cut_flip < 0.10
near = ("gpu_hour_price", "requests_per_second", "peak_to_average")
assert max(abs(busy_flips[name] / base[name] - 1) for name in near) < 0.10
# The rule wants 1.5, so its limits lie lower than those of break-even.
for x, name, limit in ((ascend, "gpu_hour_price", ceiling), (base, "peak_to_average", most)):
    for factor, answer in ((0.97, "own GPUs"), (1.03, "API")):
        assert route(x | {name: factor * limit / 1.5}, 1e5) == answer
# --8<-- [end:route]


# --8<-- [start:form]
def compare(requests, per_thousand, **own):
    """What the form says for an API price of a thousand requests."""
    prices = dict(api_input_price=per_thousand, api_output_price=0)
    x = own | prices | dict(input_tokens=1_000, output_tokens=0)
    api, self_hosted, count = api_bill(x, requests), own_bill(x, requests), gpus(x, requests)
    stays = pays_from(x, margin=1.5)
    never = "API at any traffic" if stays is None else "API"
    return dict(
        api=api,
        own=self_hosted,
        times=api / self_hosted,
        gpus=count,
        load=100 * requests / count / x["requests_per_second"],
        stays=None if stays is None else api_bill(x, stays),
        decision="own GPUs" if route(x, requests) == "own GPUs" else never,
    )


moved = ("gpu_hour_price", "requests_per_second", "peak_to_average", "spare_gpus")
form = {}  # what stands in it at first
for money, x in (("dollars", base), ("yuan", ascend)):
    form[money] = dict(requests=80, per_thousand=api_per_thousand(x))
    form[money] |= {name: round(x[name], 2) for name in (*moved, "people_per_month")}
    said = compare(**form[money])
    print(f"{money}: API {said['api']:,.0f}, own {said['own']:,.0f}", end=", ")
    print(f"{said['times']:.2f} times: {said['decision']}")
# --8<-- [end:form]

# --8<-- [start:finetune]
labels, minutes_per_label, expert_hour = 5_000, 2, 30.0  # US$ an hour
epochs, parameters, pretraining_tokens = 3, 8.2e9, 36e12
training_flop_per_second = 3.0e14  # what one H100 sustains, assumed
runs, engineer_days, engineer_month = 20, 10, 12_000  # US$, 21 days a month

tokens = labels * epochs * (base["input_tokens"] + base["output_tokens"])
flop = 6 * parameters * tokens  # one run, counted as if all weights trained
run_dollars = flop / training_flop_per_second / 3_600 * base["gpu_hour_price"]
cost = {
    "labels": labels * minutes_per_label / 60 * expert_hour,
    "engineer": engineer_days * engineer_month / 21,
    f"{runs} runs": runs * run_dollars,
}
compute_share = flop / (6 * parameters * pretraining_tokens)
print(", ".join(f"{name} US${dollars:,.0f}" for name, dollars in cost.items()))
print(f"one run US${run_dollars:.2f}", end=", ")
print(f"{flop:.1e} FLOP, {compute_share:.0e} of pre-training")
assert cost["labels"] + cost["engineer"] > 100 * cost[f"{runs} runs"]
assert compute_share < 1e-5
serving = HOURS_PER_MONTH * base["gpu_hour_price"]  # one GPU around the clock
months = math.ceil(sum(cost.values()) / serving)
print(f"one GPU that serves it US${serving:,.0f} a month", end=", ")
print(f"more than all of this within {months} months")
assert months == 4
# --8<-- [end:finetune]
