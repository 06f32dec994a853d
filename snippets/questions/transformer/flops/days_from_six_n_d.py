# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Days of training from 6 N D, a peak and a utilization that counts no recomputation."""

# --8<-- [start:days]
weights, tokens = 7e9, 2e12  # N and D
devices, peak = 512, 4e14  # Assumed: operations a second per device, in bfloat16.
model_share = 0.4  # Assumed: useful operations over peak (MFU).
useful = 6 * weights * tokens
days = useful / (devices * peak * model_share) / 86400
print(f"{useful:.1e} operations, {days:.1f} days")
executed = 8 * weights * tokens  # With full recomputation.
hardware_share = executed / (devices * peak * days * 86400)
print(f"the same days with recomputation: {hardware_share:.0%} of peak executed (HFU)")
assert abs(hardware_share / model_share - 4 / 3) < 1e-9
# --8<-- [end:days]
