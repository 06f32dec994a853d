# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""From tokens per second to a utilization under three conventions, and the days of a plan."""

# --8<-- [start:published]
PEAK = 989.5e12  # H100 SXM, bfloat16, dense: half the data sheet, which counts sparsity.
runs = {  # weights, layers, width, tokens in a sequence, devices; measured: tokens a second
    "70B, sequences of  2,048": (64_862_437_376, 80, 8192, 2048, 64, 66_523),
    " 7B, sequences of 65,536": (6_918_905_856, 32, 4096, 65_536, 8, 15_654),
}
mfu = {}
for name, (weights, layers, width, time, devices, rate) in runs.items():
    for share in (0, 0.5, 1):  # of attention: none, what a causal mask needs, all
        per_token = 6 * weights + share * 12 * layers * time * width
        mfu[name, share] = per_token * rate / devices / PEAK
    cells = ", ".join(f"{mfu[name, share]:.2%}" for share in (0, 0.5, 1))
    print(f"{name}: {cells} without, with half, with all attention")
short, long = runs
assert [round(100 * mfu[name, 1], 2) for name in runs] == [42.57, 28.59]  # As published.
assert mfu[short, 1] < 1.05 * mfu[short, 0] and mfu[long, 1] > 3 * mfu[long, 0]
# --8<-- [end:published]

# --8<-- [start:days]
weights, tokens, layers, width, time = 7e9, 2e12, 32, 4096, 4096
devices, share = 512, 0.4  # Assumed: an MFU near those published.
days = 6 * weights * tokens / (devices * PEAK * share) / 86400
attention = 12 * layers * width * time / (6 * weights)
with_attention = days * (1 + attention)
print(f"{days:.1f} days; with attention over {time:,} tokens {with_attention:.1f}")
assert 0.1 < attention < 0.2
# --8<-- [end:days]
