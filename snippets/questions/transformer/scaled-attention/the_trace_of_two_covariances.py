# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""The variance of a score is the trace of two covariances; of five cases it equals d in one."""

# --8<-- [start:cases]
import numpy as np

D, PAIRS = 64, 40_000
rng = np.random.default_rng(0)
one = np.eye(D)
outlier = np.diag(np.r_[10.0, np.ones(D - 1)])  # one coordinate 10 times as large
together = np.linalg.cholesky(0.5 * one + 0.5)  # any two coordinates correlate by 0.5
half = np.diag(np.r_[np.ones(D // 2), np.zeros(D // 2)])  # half of them never used
cases = {
    "independent, 1": one,
    "three times as large": 3 * one,
    "one large coordinate": outlier,
    "correlated by 0.5": together,
    "half of them zero": half,
}
# --8<-- [end:cases]

# --8<-- [start:trace]
error, ratio = {}, {}
print("                       variance of q·k/√d   tr(Σ_q Σ_k)/d")
for name, mix in cases.items():
    q, k = rng.normal(size=(2, PAIRS, D)) @ mix.T  # (pairs, d) each
    measured = np.var(np.sum(q * k, axis=1) / D**0.5)
    covariance = mix @ mix.T  # (d, d)
    ratio[name] = np.trace(covariance @ covariance) / D
    error[name] = abs(measured / ratio[name] - 1)
    print(f"{name:22s} {measured:12.2f} {ratio[name]:18.2f}")
assert max(error.values()) < 0.06
assert ratio["independent, 1"] == 1 and ratio["one large coordinate"] > 100
# --8<-- [end:trace]
