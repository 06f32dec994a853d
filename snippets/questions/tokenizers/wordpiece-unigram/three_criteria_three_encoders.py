# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "tensorflow-text~=2.21.0", "numpy==2.4.6"]
# ///
"""BPE counts, WordPiece takes the longest match, Unigram takes the most likely split."""

# --8<-- [start:imports]
import collections
import inspect
import math
import re

import numpy as np
import tensorflow as tf
import tensorflow_text as text
from tensorflow_text.tools.wordpiece_vocab import (
    wordpiece_tokenizer_learner_lib as learner,
)

# --8<-- [end:imports]

# --8<-- [start:first-merge]
toy = {"hug": 10, "pug": 5, "pun": 12, "bun": 4, "hugs": 5}
single, pairs = collections.Counter(), collections.Counter()
for word, count in toy.items():
    for left in word:
        single[left] += count
    for pair in zip(word, word[1:], strict=False):
        pairs[pair] += count
score = {(a, b): n / (single[a] * single[b]) for (a, b), n in pairs.items()}
by_count, by_score = max(pairs, key=pairs.get), max(score, key=score.get)
for (a, b), n in pairs.items():
    print(f"{a}{b} {n:2d}, {a} {single[a]:2d}, {b} {single[b]:2d}: score 1/{1 / score[a, b]:.0f}")
print("most often:", by_count, " highest score:", by_score)
assert by_count == ("u", "g") and by_score == ("g", "s")
# --8<-- [end:first-merge]


# --8<-- [start:likelihood]
def log_likelihood(counts):  # Each piece by itself, with its share as probability.
    return sum(n * np.log(n / counts.total()) for n in counts.values())


gain = {}
for (a, b), n in pairs.items():
    merged = single - collections.Counter({a: n, b: n}) + collections.Counter({a + b: n})
    gain[a, b] = log_likelihood(merged) - log_likelihood(single)
    print(f"{a}{b}: the log-likelihood rises by {gain[a, b]:.1f}")
by_likelihood = max(gain, key=gain.get)
assert by_likelihood == by_count
# --8<-- [end:likelihood]

# --8<-- [start:corpus]
# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
paragraphs = list(dict.fromkeys(paragraphs))  # each once
test_counts = collections.Counter(re.findall("[a-z]+", " ".join(paragraphs[::10]).lower()))
del paragraphs[::10]
train_counts = collections.Counter(re.findall("[a-z]+", " ".join(paragraphs).lower()))
train_counts = dict(train_counts.most_common(2500))
total = sum(train_counts.values())
print(f"{total:,} training words, {len(train_counts):,} different")
# --8<-- [end:corpus]

# --8<-- [start:wordpiece]
SIZE = 1000
pieces = learner.learn(list(train_counts.items()), SIZE, ["[UNK]"])
known = set(pieces)


def longest_match(word):
    found, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        ends = range(len(word), start, -1)
        end = next((e for e in ends if mark + word[start:e] in known), None)
        if end is None:
            return ["[UNK]"]  # One hole, and the whole word is lost.
        found.append(mark + word[start:end])
        start = end
    return found


# --8<-- [end:wordpiece]

# --8<-- [start:same]
tool = text.FastWordpieceTokenizer(pieces, token_out_type=tf.string)
words = sorted(test_counts)
expected = [[t.decode() for t in row] for row in tool.tokenize(words).to_list()]
assert [longest_match(word) for word in words] == expected
lost = longest_match("naïve")
assert lost == ["[UNK]"]
print(f"{len(pieces)} pieces; naïve → {lost}; retraining → {longest_match('retraining')}")
# --8<-- [end:same]


# --8<-- [start:viterbi]
def spans(word, p):  # Every piece of the vocabulary inside the word.
    ends = range(1, len(word) + 1)
    return [(s, e) for e in ends for s in range(e) if word[s:e] in p]


def viterbi(word, p, without=None):
    best = [(0.0, 0)] + [(-np.inf, 0)] * len(word)  # (log probability, last start)
    for s, e in spans(word, p):
        if word[s:e] != without:
            best[e] = max(best[e], (best[s][0] + math.log(p[word[s:e]]), s))
    split, end = [], len(word)
    while end and best[end][0] > -np.inf:
        split.append(word[best[end][1] : end])
        end = best[end][1]
    return split[::-1], best[-1][0]


# --8<-- [end:viterbi]


# --8<-- [start:expected]
def expected_counts(counts, p):
    expected = collections.Counter()
    for word, n in counts.items():
        inside = spans(word, p)
        forward, backward = [1.0] + [0.0] * len(word), [0.0] * len(word) + [1.0]
        for s, e in inside:
            forward[e] += forward[s] * p[word[s:e]]
        for s, e in sorted(inside, reverse=True):
            backward[s] += p[word[s:e]] * backward[e]
        for s, e in inside:
            share = forward[s] * p[word[s:e]] * backward[e] / forward[-1]
            expected[word[s:e]] += n * share
    return expected


# --8<-- [end:expected]


# --8<-- [start:seed]
def normalize(counts):
    total = sum(counts.values())
    return {piece: count / total for piece, count in counts.items() if count > 0}


def seed_pieces(counts, size):  # Too many: every frequent substring.
    seed = collections.Counter()
    for word, n in counts.items():
        for s in range(len(word)):
            for e in range(s + 1, min(s + 10, len(word)) + 1):
                seed[word[s:e]] += n * (e - s)
    return dict(seed.most_common(size))


# --8<-- [end:seed]


# --8<-- [start:prune]
def train_unigram(counts, size, by_loss=True):
    letters = {letter for word in counts for letter in word}
    p = normalize(seed_pieces(counts, 8 * size) | dict.fromkeys(letters, 1))
    while len(p) > size:
        for _ in range(2):  # Expectation, then maximization.
            p = normalize(expected_counts(counts, p) + collections.Counter(letters))
        loss = {}
        for piece, share in p.items():  # What the text loses if this piece goes.
            drop = np.log(share) - viterbi(piece, p, without=piece)[1]
            loss[piece] = share * (drop if by_loss else 1)
        keep = max(size, int(0.75 * len(p)))
        order = sorted(p, key=lambda x: (x in letters, loss[x], x), reverse=True)
        p = normalize({x: p[x] for x in order[:keep]})
    return p


# --8<-- [end:prune]

# --8<-- [start:trained]
marked = {"▁" + word: n for word, n in train_counts.items()}
p = train_unigram(marked, SIZE)
print(len(p), sorted(p, key=p.get, reverse=True)[:8], max(p, key=len))
by_unigram, nats = viterbi("▁retraining", p)
print("retraining →", by_unigram, f"{-nats / np.log(2):.1f} bits")
# --8<-- [end:trained]


# --8<-- [start:splits]
def all_splits(word):
    if not word:
        yield []
    for end in range(1, len(word) + 1):
        if word[:end] in p:
            yield from ([word[:end], *rest] for rest in all_splits(word[end:]))


def greedy(word):
    end = max(e for e in range(1, len(word) + 1) if word[:e] in p)
    return [word[:end], *(greedy(word[end:]) if word[end:] else [])]


def bits(split):
    return -sum(np.log2(p[piece]) for piece in split)


# --8<-- [end:splits]

# --8<-- [start:claim]
short = ["▁" + word for word in words if len(word) < 9][::20]
for word in short:
    best = min(map(bits, all_splits(word)))
    assert np.isclose(bits(viterbi(word, p)[0]), best)
print(f"checked {len(short)} words against all their splits")
# --8<-- [end:claim]

# --8<-- [start:differ]
rows = []
for word in words:
    likely, longest = viterbi("▁" + word, p)[0], greedy("▁" + word)
    rows.append((test_counts[word], bits(likely), bits(longest), len(likely), len(longest)))
times, likely, longest, fewest, most = np.array(rows).T  # (words,) each
worse, cost = longest > likely + 1e-9, longest - likely
differ, running = worse.mean(), np.average(worse, weights=times)
more = np.mean(most[worse] > fewest[worse])
print(f"longest match is less likely for {differ:.0%} of {len(words)} different words,")
print(f"{running:.0%} of the running text; it needs more tokens in {more:.0%} of these cases")
print(
    f"{cost.mean():.1f} bits more per word, {np.average(cost, weights=times):.1f} in running text"
)
assert all(cost > -1e-9) and differ > 0.05
# --8<-- [end:differ]

# --8<-- [start:sample]
rng = np.random.default_rng(0)
flat = {piece: share**0.2 for piece, share in p.items()}  # Flatter: more variety.


def sample(word):
    forward = np.zeros(len(word) + 1)
    forward[0] = 1
    for s, e in spans(word, flat):
        forward[e] += forward[s] * flat[word[s:e]]
    split, end = [], len(word)
    while end:
        starts = [s for s in range(end) if word[s:end] in flat]
        chances = [forward[s] * flat[word[s:end]] / forward[end] for s in starts]
        start = int(rng.choice(starts, p=chances))
        split.append(word[start:end])
        end = start
    return tuple(split[::-1])


# --8<-- [end:sample]

# --8<-- [start:sampled]
seen = collections.Counter(sample("▁tokens") for _ in range(4000))
chance = {tuple(s): np.prod([flat[x] for x in s]) for s in all_splits("▁tokens")}
whole = sum(chance.values())
off = max(abs(seen[s] / 4000 - c / whole) for s, c in chance.items())
for split, count in seen.most_common(4):
    print(f"{count / 4000:.3f} sampled, {chance[split] / whole:.3f} expected:", *split)
steep = [np.prod([p[x] for x in s]) for s in chance]
print(f"without the root the best split has {max(steep) / sum(steep):.0%}")
assert seen.most_common(1)[0][1] < 0.6 * 4000 and off < 0.03
# --8<-- [end:sampled]

# --8<-- [start:prune-by]
gap = {}
for size in (SIZE // 2, SIZE):
    mean_bits = {}
    for name in ("loss", "count"):
        ready = size == SIZE and name == "loss"  # Trained above.
        model = p if ready else train_unigram(marked, size, by_loss=name == "loss")
        found = [(n, *viterbi("▁" + word, model)) for word, n in test_counts.items()]
        total = sum(n for n, *_ in found)
        tokens = sum(n * len(split) for n, split, _ in found) / total
        mean_bits[name] = -sum(n * nats for n, _, nats in found) / total / np.log(2)
        print(f"{size:4d}, pruned by {name:5s}: {tokens:.2f} tokens, {mean_bits[name]:.2f} bits")
    gap[size] = mean_bits["count"] - mean_bits["loss"]
assert gap[SIZE // 2] > 0.3 and 0.03 < gap[SIZE] < gap[SIZE // 2] - 0.1
# --8<-- [end:prune-by]
