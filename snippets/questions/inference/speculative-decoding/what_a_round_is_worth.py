# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Tokens of a round, its time by a roofline, and the batch from which it loses."""

# --8<-- [start:tokens]
import random


def tokens_of_round(alpha, drafts):  # 1 + alpha + ... + alpha**drafts
    return (1 - alpha ** (drafts + 1)) / (1 - alpha)


dice = random.Random(0)
gaps = []
for alpha, drafts in [(0.5, 2), (0.5, 5), (0.8, 4), (0.875, 1)]:
    drawn = 0
    for _ in range(100_000):
        accepted = 0
        while accepted < drafts and dice.random() < alpha:
            accepted += 1
        drawn += accepted + 1  # The last is resampled, or the bonus.
    gaps.append(abs(drawn / 100_000 - tokens_of_round(alpha, drafts)))
    print(f"alpha {alpha}, {drafts} drafts: {tokens_of_round(alpha, drafts):.3f} tokens")
assert max(gaps) < 0.02
# --8<-- [end:tokens]

# --8<-- [start:model]
weights = 2 * 8.03e9  # bytes, Llama 3.1 8B
cache = 128 * 1024  # bytes per token of context
peak, bandwidth = 865e12, 3.35e12  # an H800 at work: operations, bytes per second


def seconds(batch, context, positions):  # of one pass; the slower of the two
    read = (weights + batch * context * cache) / bandwidth
    return max(read, weights * batch * positions / peak)  # 2 operations = 2 bytes a weight


def speedup(batch, context, alpha=0.8, drafts=4, draft_cost=0.05):
    plain = seconds(batch, context, 1)
    a_round = seconds(batch, context, drafts + 1) + drafts * draft_cost * plain
    return tokens_of_round(alpha, drafts) * plain / a_round


gain = {}
print("batch  context 128    1024    4096")
for batch in (1, 16, 64, 128, 256, 512):
    for context in (128, 1024, 4096):
        if batch * context * cache + weights < 78e9:  # fits the card
            gain[batch, context] = speedup(batch, context)
    row = [gain.get((batch, context)) for context in (128, 1024, 4096)]
    print(f"{batch:5d}", *(f"{g:11.2f}" if g else "          -" for g in row))
assert gain[1, 1024] > 2.7 and gain[256, 128] < 1 < gain[256, 1024]

crowd, alone = 100_000, 1  # Sequences: bound by operations, bound by reading.
for alpha in (0.5, 0.8, 0.95):
    for drafts in range(1, 9):  # A loss even with a free draft.
        assert speedup(crowd, 1, alpha, drafts, draft_cost=0) < 1
    best = []
    for cost in (0.01, 0.05, 0.2):
        best.append(max(range(60), key=lambda n: speedup(alone, 1024, alpha, n, cost)))
    print(f"alpha {alpha}: most from {best} drafts, if one costs 1%, 5%, 20% of a pass")
    assert best[0] > best[1] > best[2] > 0
for cost in (0.05, 0.2, 0.6):  # One draft pays from alpha = cost on.
    below, above = (speedup(alone, 1024, cost + gap, 1, cost) for gap in (-0.01, 0.01))
    assert below < 1 < above
# --8<-- [end:model]
