# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Owning GPUs pays when your API bill passes their fixed monthly cost."""

# --8<-- [start:inputs]
import matplotlib.pyplot as plt

HOURS_PER_MONTH = 730
base = dict(
    input_tokens=1024,  # per request, the shape that was measured
    output_tokens=128,
    api_input_price=0.20,  # US$ per million tokens, Qwen3-8B
    api_output_price=0.20,
    gpu_hour_price=3.99,  # US$, one H100 SXM on demand
    requests_per_second=32.26,  # one full H100, FP8, latency limit kept
    gpus=2,  # one may fail
    people_per_month=4_000,  # US$, a part of one engineer
)
# --8<-- [end:inputs]


# --8<-- [start:cost]
def api_per_thousand(x):
    """US$ for a thousand requests sent to an API."""
    prompt = x["input_tokens"] * x["api_input_price"]
    answer = x["output_tokens"] * x["api_output_price"]
    return (prompt + answer) / 1_000


def own_per_hour(x):
    """US$ an hour for the GPUs and the people, busy or idle."""
    people = x["people_per_month"] / HOURS_PER_MONTH
    return x["gpus"] * x["gpu_hour_price"] + people


def own_per_thousand(x, utilisation):
    """US$ for a thousand requests on your own GPUs."""
    served = x["gpus"] * x["requests_per_second"] * 3_600 * utilisation
    return own_per_hour(x) / served * 1_000


# --8<-- [end:cost]

# --8<-- [start:offers]
offers = {
    "Qwen3-8B": (0.20, 0.20),
    "Llama 3.1 8B": (0.02, 0.04),
    "DeepSeek V4.1 Flash, off-peak": (0.15, 0.60),
    "DeepSeek V4.1 Flash, peak": (0.30, 1.20),
}
per_thousand = {}
for name, (input_price, output_price) in offers.items():
    x = base | dict(api_input_price=input_price)
    x = x | dict(api_output_price=output_price)
    per_thousand[name] = dollars = api_per_thousand(x)
    print(f"API, {name:30s} US${dollars:.4f} per thousand")
for utilisation in (1.0, 0.35, 0.1):
    dollars = own_per_thousand(base, utilisation)
    print(f"own GPUs at {utilisation:4.0%} load {'':15s} US${dollars:.4f}")
# --8<-- [end:offers]


# --8<-- [start:breakeven]
def break_even(x):
    """Share of full load at which both routes cost the same."""
    return own_per_thousand(x, 1.0) / api_per_thousand(x)


share = break_even(base)
rate = share * base["gpus"] * base["requests_per_second"]
monthly_requests = rate * 3_600 * HOURS_PER_MONTH
own_bill = own_per_hour(base) * HOURS_PER_MONTH
api_bill = monthly_requests / 1_000 * api_per_thousand(base)
hardware_only = break_even(base | dict(people_per_month=0))
print(f"break-even load {share:.1%}; without people {hardware_only:.1%}")
print(f"{rate:.1f} requests/s, {monthly_requests / 1e6:.1f} million/month")
print(f"API bill there US${api_bill:,.0f}; own bill US${own_bill:,.0f}")
assert abs(api_bill - own_bill) < 1e-6 * own_bill
assert 0.2 < share < 0.3 and hardware_only < share
# Against the cheapest API even a full load does not pay.
assert own_per_thousand(base, 1) > per_thousand["Llama 3.1 8B"]
# --8<-- [end:breakeven]

# --8<-- [start:load]
loads = [i / 200 for i in range(4, 201)]
fig, ax = plt.subplots(figsize=(6.4, 3.4))
ax.plot(loads, [own_per_thousand(base, u) for u in loads], label="own GPUs")
for i, name in enumerate(("Qwen3-8B", "Llama 3.1 8B"), start=1):
    dollars = per_thousand[name]
    ax.axhline(dollars, color=f"C{i}", ls="--", label=f"API, {name}")
ax.axvline(share, color="C7", lw=1)
ax.set(yscale="log", xlabel="load (share of full capacity)")
ax.set_ylabel("US$ per thousand requests")
ax.legend()
fig.tight_layout()
plt.show()
# --8<-- [end:load]

# --8<-- [start:sensitivity]
cheap = dict(api_input_price=0.02, api_output_price=0.04)
dear = dict(api_input_price=0.30, api_output_price=1.20)
ranges = {
    "API price": (dear, cheap),
    "people": (
        dict(people_per_month=0),
        dict(people_per_month=12_000),
    ),
    "requests/s per GPU": (dict(), dict(requests_per_second=16.13)),
    "GPUs": (dict(gpus=4), dict(gpus=1)),
    "GPU-hour price": (
        dict(gpu_hour_price=2.69),
        dict(gpu_hour_price=6.88),
    ),
}
swings = {}
for name, (kind, harsh) in ranges.items():
    low, high = break_even(base | kind), break_even(base | harsh)
    swings[name] = low, high
    verdict = "" if high <= 1 else "  (above 100%: never)"
    print(f"{name:19s} break-even {low:4.0%} to {high:4.0%}{verdict}")
factor = {name: high / low for name, (low, high) in swings.items()}
first, second = sorted(factor, key=factor.get)[-1:-3:-1]
assert (first, second) == ("API price", "people")
assert factor[first] > 4 * factor[second]
# --8<-- [end:sensitivity]

# --8<-- [start:tornado]
order = sorted(swings, key=factor.get)
fig, ax = plt.subplots(figsize=(6.4, 3.4))
for row, name in enumerate(order):
    low, high = swings[name]
    ax.barh(row, high - low, left=low, color="C0")
ax.axvline(share, color="C1", label="inputs above")
ax.axvline(1, color="C3", ls="--", label="full load")
ax.set(xscale="log", xlabel="break-even load (% of full capacity)")
ax.set_xlim(0.1, 3)
ax.minorticks_off()
ax.set_xticks([0.1, 0.25, 0.5, 1, 2], ["10", "25", "50", "100", "200"])
ax.set_yticks(range(len(order)), order)
ax.legend(loc="lower right")
fig.tight_layout()
plt.show()
# --8<-- [end:tornado]

# --8<-- [start:finetune]
labels, minutes_per_label, expert_hour = 5_000, 2, 30.0  # US$ an hour
epochs, parameters, pretraining_tokens = 3, 8.2e9, 36e12
training_flop_per_second = 3.0e14  # what one H100 sustains, assumed

tokens = labels * epochs * (base["input_tokens"] + base["output_tokens"])
flop = 6 * parameters * tokens
gpu_hours = flop / training_flop_per_second / 3_600
gpu_dollars = gpu_hours * base["gpu_hour_price"]
label_dollars = labels * minutes_per_label / 60 * expert_hour
compute_share = flop / (6 * parameters * pretraining_tokens)
print(f"labels US${label_dollars:,.0f}, one run US${gpu_dollars:.2f}")
print(f"{flop:.1e} FLOP, {compute_share:.0e} of pre-training")
assert label_dollars > 1_000 * gpu_dollars
assert compute_share < 1e-5
# --8<-- [end:finetune]
