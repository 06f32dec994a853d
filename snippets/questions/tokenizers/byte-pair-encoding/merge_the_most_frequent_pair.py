# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "matplotlib"]
# ///
"""BPE learns an ordered list of merges, and encoding replays that list in order."""

# --8<-- [start:pairs]
import heapq
import inspect
import re
from collections import Counter, defaultdict

import matplotlib.pyplot as plt
import numpy as np


def count_pairs(words):  # words: {tuple of tokens: how often}
    pairs = Counter()
    for word, count in words.items():
        for pair in zip(word, word[1:], strict=False):
            pairs[pair] += count
    return pairs


# --8<-- [end:pairs]


# --8<-- [start:merge]
def merge(word, pair):
    merged, i = [], 0
    while i < len(word):
        found = word[i : i + 2] == pair
        merged.append(word[i] + word[i + 1] if found else word[i])
        i += 2 if found else 1
    return tuple(merged)


# --8<-- [end:merge]


# --8<-- [start:train]
def train(words, merges):
    learned = []
    for _ in range(merges):
        pairs = count_pairs(words)
        # The most frequent pair; between equals the first in the alphabet.
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        words = {merge(word, best): count for word, count in words.items()}
        learned.append(best)
    return learned


toy = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
toy_words = {(*word, "_"): count for word, count in toy.items()}  # "_" ends a word.
first = train(toy_words, 6)
print("merges:", " ".join(left + right for left, right in first))
assert [left + right for left, right in first] == "es est est_ lo low ew".split()
# --8<-- [end:train]


# --8<-- [start:encode]
def encode(word, ranks):
    while len(word) > 1:
        pairs = set(zip(word, word[1:], strict=False))
        best = min(pairs, key=lambda pair: ranks.get(pair, np.inf))
        if best not in ranks:
            break
        word = merge(word, best)
    return word


toy_ranks = {pair: rank for rank, pair in enumerate(first)}
unseen = encode((*"lowest", "_"), toy_ranks)
print("lowest →", unseen)
assert unseen == ("low", "est_")  # Never in the corpus, still two known parts.
# --8<-- [end:encode]

# --8<-- [start:bytes]
pieces = re.compile(r" ?\w+| ?[^\w\s]+|\s+")  # A space goes with the word after it.
# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
paragraphs = list(dict.fromkeys(paragraphs))  # each once
test_text = "\n\n".join(paragraphs[::10])
del paragraphs[::10]
train_text = "\n\n".join(paragraphs)


def to_words(text):
    counts = Counter(pieces.findall(text))
    return {tuple(bytes([b]) for b in piece.encode()): n for piece, n in counts.items()}


strange = "naïve café 你好 🙂\x00"
assert b"".join(byte for word in to_words(strange) for byte in word).decode() == strange
words = to_words(train_text)
print(f"{sum(words.values()):,} pieces, {len(words):,} different")
# --8<-- [end:bytes]


# --8<-- [start:fast]
def pairs_in(numbers, spelled):
    return [(i, pair) for i in numbers for pair in zip(spelled[i], spelled[i][1:], strict=False)]


def train_fast(words, merges):  # The same merges; recounts only the words that changed.
    spelled, counts = list(words), list(words.values())
    pairs, where, heap, learned, visits, naive = Counter(), defaultdict(set), [], [], 0, 0
    touched, old = range(len(spelled)), []
    for _ in range(merges):
        naive += sum(len(word) - 1 for word in spelled)  # what train() counts
        new = pairs_in(touched, spelled)
        for i, pair in new:
            pairs[pair] += counts[i]
            where[pair].add(i)
        changed = {pair for _, pair in old + new}
        for pair in changed:
            heapq.heappush(heap, (-pairs[pair], pair))
        while pairs[heap[0][1]] != -heap[0][0]:  # A count that is out of date.
            heapq.heappop(heap)
            visits += 1
        learned.append(heap[0][1])
        touched = where.pop(learned[-1])
        old = pairs_in(touched, spelled)
        for i, pair in old:
            pairs[pair] -= counts[i]
        for i in touched:
            spelled[i] = merge(spelled[i], learned[-1])
        visits += len(old) + len(new) + len(changed)
    return learned, dict(zip(words, spelled, strict=True)), visits, naive


# --8<-- [end:fast]

# --8<-- [start:learned]
learned, spelled, visits, naive = train_fast(words, 1500)
assert learned[:20] == train(words, 20)
ranks = {pair: rank for rank, pair in enumerate(learned)}
# Replaying the merges in order leaves each word as training left it.
assert all(encode(word, ranks) == tokens for word, tokens in spelled.items())
print("first merges:", *(left + right for left, right in learned[:8]))
print("last merges: ", *(left + right for left, right in learned[-6:]))
print(f"looked at: {visits:,} pairs and heap entries; train() counts {naive:,} pairs")
assert visits < naive / 30
# --8<-- [end:learned]

# --8<-- [start:ranks]
rank_of = {}  # A token and the order in which it was learned, as tiktoken stores it.
for rank, (left, right) in enumerate(learned):
    rank_of.setdefault(left + right, rank)
cuts = {(t[:i], t[i:]): rank for t, rank in rank_of.items() for i in range(1, len(t))}
test_words = to_words(test_text)
assert all(encode(word, cuts) == encode(word, ranks) for word in words | test_words)
print(f"{len(words | test_words):,} pieces split alike without the list of merges")
# --8<-- [end:ranks]

# --8<-- [start:text]
tokens = [token for word in to_words(strange) for token in encode(word, ranks)]
print(f"{len(strange)} characters, {len(strange.encode())} bytes, {len(tokens)} tokens")
print("and back again:", repr(b"".join(tokens).decode()))

total_bytes = sum(n * len(word) for word, n in test_words.items())
sizes, bytes_per_token = (0, 50, 100, 200, 400, 800, 1500), []
for size in sizes:
    known = {pair: rank for pair, rank in ranks.items() if rank < size}
    count = sum(n * len(encode(word, known)) for word, n in test_words.items())
    bytes_per_token.append(total_bytes / count)
gains = np.diff(bytes_per_token) / np.diff(sizes)  # per merge
print("bytes per token:", *(f"{b:.2f}" for b in bytes_per_token))
assert bytes_per_token[0] == 1 and all(np.diff(gains) < 0)
# --8<-- [end:text]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.0))
plt.plot(sizes, bytes_per_token, marker="o")
plt.xlabel("number of merges")
plt.ylabel("bytes per token, unseen text")
plt.tight_layout()
plt.show()
# --8<-- [end:figure]


# --8<-- [start:others]
def longest_match(word, vocabulary):
    found, start = [], 0
    while start < len(word):
        end = next(e for e in range(len(word), start, -1) if b"".join(word[start:e]) in vocabulary)
        found.append(b"".join(word[start:end]))
        start = end
    return tuple(found)


def fewest_tokens(word, vocabulary):
    best = [0]  # best[i]: the least number of tokens for the first i bytes
    for end in range(1, len(word) + 1):
        starts = (s for s in range(end) if b"".join(word[s:end]) in vocabulary)
        best.append(1 + min(best[s] for s in starts))
    return best[-1]


# --8<-- [end:others]

# --8<-- [start:claim]
vocabulary = {bytes([b]) for b in range(256)} | {x + y for x, y in ranks}
differ, worse, spent, needed, example = [], [], 0, 0, None
for word, n in test_words.items():
    bpe, greedy = encode(word, ranks), longest_match(word, vocabulary)
    least = fewest_tokens(word, vocabulary)
    differ.append(bpe != greedy)
    worse.append(len(bpe) > least)
    spent, needed = spent + n * len(bpe), needed + n * least
    if example is None and len(bpe) > least and word[1:] and len(word) < 9:
        example = bpe, greedy
often = list(test_words.values())
shares = {}  # of the different pieces, and of the pieces as often as they occur
for name, found in (("longest match splits otherwise", differ), ("BPE needs more", worse)):
    shares[name] = np.mean(found), np.average(found, weights=often)
    print(f"{name}: {shares[name][0]:.1%} of the different pieces, {shares[name][1]:.1%} of all")
(share_differ, all_differ), (share_worse, all_worse) = shares.values()
print(f"tokens of the whole text: {spent / needed - 1:.1%} more than needed")
print("BPE:", *example[0], " longest match:", *example[1])
assert all_differ > 0.03 and all_worse > 0.005 and 1.003 < spent / needed < 1.02
# --8<-- [end:claim]
