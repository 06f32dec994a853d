# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""What k samples give: any right (pass@k), the most frequent (maj@k), the first that passes a check."""

# --8<-- [start:votes]
from math import comb

SAMPLES = (1, 4, 16, 64, 256)


def pass_at(k, right):
    return 1 - (1 - right) ** k


def majority_at(k, right, rival):  # The other wrong answers are all different: a vote each.
    total, other = 0.0, 1 - right - rival
    for c in range(k + 1):
        for w in range(k + 1 - c):
            rest = k - c - w
            top = max(c, w, rest > 0)
            if c == top:
                ties = 1 + (w == top) + (rest if top == 1 else 0)
                ways = comb(k, c) * comb(k - c, w)
                total += ways * right**c * rival**w * other**rest / ties
    return total


questions = {"leads": (0.7, 0.1), "30%": (0.3, 0.15), "trails": (0.3, 0.4), "rare": (0.02, 0.4)}
majority = {}
print("pass@k, maj@k for k =", *(f"{k:10d}" for k in SAMPLES))
for name, (right, rival) in questions.items():
    majority[name] = [majority_at(k, right, rival) for k in SAMPLES]
    pairs = zip((pass_at(k, right) for k in SAMPLES), majority[name], strict=True)
    print(f"{name:21s}", *(f"{p:5.2f} {m:4.2f}" for p, m in pairs))
assert min(majority["leads"][-1], majority["30%"][-1]) > 0.99 and pass_at(256, 0.02) > 0.99
assert max(majority["trails"][-1], majority["rare"][-1]) < 0.05
# --8<-- [end:votes]

# --8<-- [start:checker]
for right in (0.3, 0.02):
    for slips in (0.0, 0.001, 0.01):  # Chance that the check lets a wrong answer through.
        passed = right + (1 - right) * slips
        tries = [(1 - passed) ** i for i in range(256)]  # Nothing has passed so far.
        shown, real = passed * sum(tries), right * sum(tries)
        print(f"right {right:.0%}, slips {slips:.1%}: passes {shown:.1%}, is right {real:.1%}")
assert shown > 0.99 and real < 0.7
# --8<-- [end:checker]

# --8<-- [start:estimate]
n, k = 16, 8  # pass@8 from 16 samples, of which c are right.
for right in (0.02, 0.1, 0.3):
    chance = [comb(n, c) * right**c * (1 - right) ** (n - c) for c in range(n + 1)]
    drawn = sum(p * (1 - comb(n - c, k) / comb(n, k)) for c, p in enumerate(chance))
    plugged = sum(p * pass_at(k, c / n) for c, p in enumerate(chance))
    print(
        f"pass@8 {pass_at(k, right):.3f}, without replacement {drawn:.3f}, plugged in {plugged:.3f}"
    )
    assert abs(drawn - pass_at(k, right)) < 1e-12 and plugged < drawn - 0.003
# --8<-- [end:estimate]
