# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""The formula gives a published utilization back, and the days of a plan."""

# --8<-- [start:published]
# MosaicML: 70B on 64 H100, every activation recomputed.
weights, layers, width, time = 64_862_437_376, 80, 8192, 2048
devices, tokens_per_second = 64, 66_523
per_token = 6 * weights + 12 * layers * time * width
useful = per_token * tokens_per_second / devices  # Operations a second on a device.
print(f"useful: {useful:.4e} a second on each device, published 4.2126e+14")
assert abs(useful / 4.212583e14 - 1) < 1e-4
recomputed = 4 / 3  # Four passes instead of three.
print(f"executed / useful: {recomputed:.3f}, published {56.76 / 42.57:.3f}")
assert abs(56.76 / 42.57 - recomputed) < 1e-3
# --8<-- [end:published]

# --8<-- [start:days]
plan = 6 * 7e9 * 2e12  # N and D
devices, peak = 512, 4e14  # Assumed: operations a second per device, in bfloat16.
model_share = 0.4  # Assumed: useful operations over peak (MFU).
days = plan / (devices * peak * model_share) / 86400
print(f"{plan:.1e} operations, {days:.1f} days")
# --8<-- [end:days]
