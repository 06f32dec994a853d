# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Every outcome of speculative decoding in exact fractions: the target's own distribution."""

# --8<-- [start:models]
import functools
import itertools
import random
from fractions import Fraction

TOKENS = range(3)


@functools.cache
def model(name, prefix):  # Any two models: random next-token probabilities per prefix.
    dice = random.Random(f"{name} {prefix}")
    weights = [dice.randint(1, 9) for _ in TOKENS]
    return [Fraction(weight, sum(weights)) for weight in weights]


def after_rejection(p, q):  # Where the target has more than the draft.
    rest = [max(p[x] - q[x], 0) for x in TOKENS]
    return [r / sum(rest) for r in rest]


def one_round(seed, prefix, drafts, again=after_rejection):  # Yields tokens, probability.
    p = model(f"target {seed}", prefix)
    if drafts == 0:  # All were accepted: one more token, from the target.
        yield from (((x,), p[x]) for x in TOKENS)
        return
    q = model(f"draft {seed}", prefix)
    for x in TOKENS:
        accept = min(1, p[x] / q[x])
        for tail, chance in one_round(seed, (*prefix, x), drafts - 1, again):
            yield (x, *tail), q[x] * accept * chance
        if accept < 1:
            for y, chance in enumerate(again(p, q)):
                yield (y,), q[x] * (1 - accept) * chance


def texts(seed, length, drafts, prefix=(), again=after_rejection):
    if len(prefix) >= length:
        return {prefix[:length]: Fraction(1)}
    total = dict.fromkeys(itertools.product(TOKENS, repeat=length), Fraction(0))
    for tokens, chance in one_round(seed, prefix, drafts, again):
        for text, more in texts(seed, length, drafts, prefix + tokens, again).items():
            total[text] += chance * more
    return total


def target_alone(seed, length):
    chance = {(): Fraction(1)}
    for _ in range(length):
        chance = {
            (*text, x): c * model(f"target {seed}", text)[x]
            for text, c in chance.items()
            for x in TOKENS
        }
    return chance


checked = 0
for seed, drafts in itertools.product(range(10), (1, 2, 3)):
    assert texts(seed, 3, drafts) == target_alone(seed, 3)
    checked += len(TOKENS) ** 3
print(f"{checked} probabilities of texts: all equal, as fractions")
# --8<-- [end:models]

# --8<-- [start:rate]
off = []
for seed in range(10):
    wrong = texts(seed, 1, 1, again=lambda p, q: p)  # The target's own distribution again.
    off.append(float(sum(abs(wrong[t] - c) for t, c in target_alone(seed, 1).items()) / 2))
print(f"the target's own after a rejection: off by {min(off):.1%} to {max(off):.1%}")
assert min(off) > 0.01 and max(off) > 0.1

rates, matches = [], []
for seed in range(10):
    p, q = model(f"target {seed}", ()), model(f"draft {seed}", ())
    accepted = sum(c for tokens, c in one_round(seed, (), 1) if len(tokens) == 2)
    distance = sum(abs(p[x] - q[x]) for x in TOKENS) / 2
    assert accepted == sum(min(p[x], q[x]) for x in TOKENS) == 1 - distance
    rates.append(float(accepted))
    matches.append(float(sum(p[x] * q[x] for x in TOKENS)))
    assert matches[-1] < rates[-1]
print(f"accepted: {min(rates):.0%} to {max(rates):.0%}")
print(f"kept if two separate draws agree: {min(matches):.0%} to {max(matches):.0%}")
# --8<-- [end:rate]
