# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""Recall bounds the answer; rights checked after the search take recall away."""

# --8<-- [start:answers]
import numpy as np

recall = 0.80  # questions whose passage is among those handed to the model
found = (0.90, 0.04)  # then: right, wrong; otherwise it declines
missed = (0.10, 0.55)  # without the passage: right, wrong
penalty = 3.0  # a wrong answer undoes so many right ones


def answers(recall, found=found, missed=missed):
    """Shares of right and of wrong answers; the rest is declined."""
    return [recall * f + (1 - recall) * m for f, m in zip(found, missed, strict=True)]


def value(recall, found=found, missed=missed, penalty=penalty):
    right, wrong = answers(recall, found, missed)
    return right - penalty * wrong


def next_work(recall, penalty=penalty):
    """Halve one of three failures: which halving is worth most, and all three gains."""
    now = value(recall, penalty=penalty)
    halves = {
        "find": value((1 + recall) / 2, penalty=penalty),
        "read": value(recall, ((1 + found[0]) / 2, found[1] / 2), penalty=penalty),
        "decline": value(recall, missed=(missed[0], missed[1] / 2), penalty=penalty),
    }
    gains = {name: then - now for name, then in halves.items()}
    return max(gains, key=gains.get), gains


right, wrong = answers(recall)
print(f"recall {recall:.0%}: right {right:.0%}, wrong {wrong:.0%}")
first, gains = next_work(recall)
print("halving:", *(f"{name} {gain:+.3f}" for name, gain in gains.items()))
recalls, penalties = np.linspace(0.5, 0.999, 500), np.linspace(0, 60, 601)
read_from = next(r for r in recalls if next_work(r)[0] == "read")
decline_from = next(p for p in penalties if next_work(recall, p)[0] == "decline")
print(f"read first from a recall of {read_from:.1%}")
print(f"decline first from a penalty of {decline_from:.1f}")
each = (found[0] - missed[0] + penalty * (missed[1] - found[1])) / 2  # by hand, per missed share
assert abs(read_from - each / (each + (1 - found[0] + penalty * found[1]) / 2)) < 0.002
assert first == "find"
# --8<-- [end:answers]

# --8<-- [start:rights]
rng = np.random.default_rng(0)
passages, questions, topics, width = 8000, 2000, 80, 32
handed, fetched = 5, (5, 40, 400)  # handed to the model; fetched before rights are checked
of = rng.integers(topics, size=passages)
centre = rng.normal(size=(topics, width))
text = centre[of] + 0.8 * rng.normal(size=(passages, width))
target = rng.integers(passages, size=questions)
query = text[target] + 1.8 * rng.normal(size=(questions, width))
text, query = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (text, query))
closeness = query @ text.T  # (questions, passages)
better = closeness > closeness[np.arange(questions), target][:, None]
rank = better.sum(axis=1)  # 0: the passage comes first in the whole index
first_40 = closeness >= np.partition(closeness, -40, axis=1)[:, -40][:, None]


def search(share, by_topic):
    """Of the first 40 left after the filter; recall if rights are checked before, and after."""
    may = rng.random((questions, topics if by_topic else passages)) < share
    if by_topic:
        may[np.arange(questions), of[target]] = True
        may = may[:, of]
    left = (may & first_40).sum(axis=1).mean()
    may[np.arange(questions), target] = True  # one asks about what one may read
    before = (better & may).sum(axis=1) < handed
    return left, before.mean(), [(before & (rank < depth)).mean() for depth in fetched]


print(f"all may read all: recall {np.mean(rank < handed):.1%}")
print("may read      before |  after fetching")
print("                     |     5    40   400")
left, before, after = {}, {}, {}
for by_topic in (False, True):
    for share in (0.5, 0.1, 0.02):
        world = share, by_topic
        left[world], before[world], losses = search(*world)
        after[world] = dict(zip(fetched, losses, strict=True))
        print(f"{share:3.0%} {'by topic' if by_topic else 'spread':8s}", end=" ")
        print(f"{before[world]:7.1%} |", *(f"{x:5.1%}" for x in losses))
print("left of 40:", *(f"{x:.1f}" for x in left.values()))
assert abs(left[0.1, False] - 4) < 0.2  # 10% of 40, as the manual of pgvector says
assert left[0.1, True] > 3 * left[0.1, False]
loses = {(w, d): before[w] - after[w][d] for w in before for d in fetched}
small, middle, at_once = loses[(0.5, False), 40], loses[(0.1, False), 40], loses[(0.1, False), 5]
assert small < 0.01 < middle and at_once > 0.2 and loses[(0.02, False), 400] < 0.01
# --8<-- [end:rights]
