# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "matplotlib"]
# ///
"""A larger vocabulary shortens the text less and less, and each new token is rarer."""

# --8<-- [start:corpus]
import collections
import heapq
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np

split = re.compile(r" ?\w+| ?[^\w\s]+|\s+")
# What NumPy's functions say of themselves, with their examples.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = list(dict.fromkeys(paragraphs))[::2]  # every second, to save time
test_text = "\n\n".join(paragraphs[::10])
del paragraphs[::10]
train_text = "\n\n".join(paragraphs)
counts = collections.Counter(split.findall(train_text))
print(f"{len(train_text.encode()):,} bytes to train on, {len(counts):,} different pieces")
# --8<-- [end:corpus]


# --8<-- [start:merge]
def merge(word, pair):
    merged, i = [], 0
    while i < len(word):
        found = word[i : i + 2] == pair
        merged.append(word[i] + word[i + 1] if found else word[i])
        i += 2 if found else 1
    return tuple(merged)


def to_bytes(piece):
    return tuple(bytes([byte]) for byte in piece.encode())


# --8<-- [end:merge]


# --8<-- [start:train]
def train(counts, merges):
    words, weight = list(map(to_bytes, counts)), list(counts.values())
    pairs, where, heap, ranks = collections.Counter(), {}, [], {}
    touched = range(len(words))
    while len(ranks) < merges:
        changed = set()
        for i in touched:
            for pair in zip(words[i], words[i][1:], strict=False):
                pairs[pair] += weight[i]
                where.setdefault(pair, set()).add(i)
                changed.add(pair)
        for pair in changed:
            heapq.heappush(heap, (-pairs[pair], pair))
        while -heap[0][0] != pairs[heap[0][1]]:  # an outdated count
            heapq.heapreplace(heap, (-pairs[heap[0][1]], heap[0][1]))
        best = heapq.heappop(heap)[1]
        ranks[best] = len(ranks)
        touched = where.pop(best)
        for i in touched:
            for pair in zip(words[i], words[i][1:], strict=False):
                pairs[pair] -= weight[i]
            words[i] = merge(words[i], best)
    return ranks


# --8<-- [end:train]

# --8<-- [start:sizes]
SIZES = (256, 512, 1024, 2048, 4096, 8192)
ranks = train(counts, SIZES[-1] - 256)


def encode(word, size):  # A smaller vocabulary is the beginning of a larger one.
    while len(word) > 1:
        found = zip(word, word[1:], strict=False)
        best = min(found, key=lambda pair: ranks.get(pair, np.inf))
        if ranks.get(best, np.inf) >= size - 256:
            break
        word = merge(word, best)
    return word


def tokenize(text, size, known):
    for piece in split.findall(text):
        if piece not in known:
            known[piece] = encode(to_bytes(piece), size)
    return [token for piece in split.findall(text) for token in known[piece]]


# --8<-- [end:sizes]


# --8<-- [start:model]
def bigram_bits(train_tokens, test_tokens, size):
    """All bits of the test text under smoothed counts of token pairs."""
    single = collections.Counter(train_tokens)
    pairs = collections.Counter(zip(train_tokens, train_tokens[1:], strict=False))
    first = collections.Counter(train_tokens[:-1])
    kinds = collections.Counter(left for left, _ in pairs)
    bits, new, total = 0.0, len(single), len(train_tokens)
    for left, right in zip(test_tokens, test_tokens[1:], strict=False):
        alone = (single[right] + new / size) / (total + new)
        seen = first[left] + kinds[left]
        chance = (pairs[left, right] + kinds[left] * alone) / seen if seen else alone
        bits -= np.log2(chance)
    return bits


# --8<-- [end:model]

# --8<-- [start:table]
bytes_per_token, perplexity, bits_per_byte, rare = {}, {}, {}, {}
test_bytes = len(test_text.encode())
print("  size  bytes/token  seen < 10 times  perplexity  bits/byte")
for size in SIZES:
    known = {}
    past, future = (tokenize(text, size, known) for text in (train_text, test_text))
    bits = bigram_bits(past, future, size)
    bytes_per_token[size] = test_bytes / len(future)
    perplexity[size] = 2 ** (bits / len(future))
    bits_per_byte[size] = bits / test_bytes
    often = sum(n >= 10 for n in collections.Counter(past).values())
    rare[size] = 1 - often / size
    line = f"{size:6d} {bytes_per_token[size]:9.2f} {rare[size]:14.0%}"
    print(f"{line} {perplexity[size]:13.0f} {bits_per_byte[size]:10.2f}")
# --8<-- [end:table]

# --8<-- [start:compute]
optimum, bodies = [], []
for width, layers in ((64, 1), (256, 4), (1024, 16)):
    body = 12 * layers * width**2  # parameters without embeddings
    bodies.append(body)
    # Multiply-adds per byte: the body and the output matrix, for every token.
    work = {v: (body + v * width) / bytes_per_token[v] for v in SIZES}
    optimum.append(min(work, key=work.get))
    share = optimum[-1] * width / (body + optimum[-1] * width)
    print(f"body {body:14,}: least work per byte at {optimum[-1]}, head {share:.0%}")
assert optimum[0] < optimum[1] < optimum[2]
# --8<-- [end:compute]

# --8<-- [start:claim]
gain = [bytes_per_token[b] / bytes_per_token[a] for a, b in zip(SIZES, SIZES[1:], strict=False)]
print("each doubling shortens the text by", *(f"{1 - 1 / g:.0%}" for g in gain))
assert gain == sorted(gain, reverse=True)
ppl, bpb = list(perplexity.values()), list(bits_per_byte.values())
assert ppl == sorted(ppl)  # By perplexity per token, bytes would win ...
assert bpb[0] > 2 * bpb[-2] and min(bpb) == bpb[-2]  # ... by bits per byte they lose.
assert rare[8192] > 0.8
never = 8192 - len(set(past))  # Later merges used them up, or the text lacks the byte.
print(f"{never:,} of 8192 tokens never occur in the text they were learned from")
assert never > 2000
# --8<-- [end:claim]

# --8<-- [start:figure]
figure, left = plt.subplots(figsize=(6.4, 3.0))
left.semilogx(SIZES, bpb, "o-", base=2)
left.set(xlabel="vocabulary size (tokens)", ylabel="bits per byte (line, dots)")
right = left.twinx()
right.plot(SIZES, ppl, "s--", color="C1")
right.set_ylabel("perplexity per token (dashes, squares)")
figure.tight_layout()
plt.show()
# --8<-- [end:figure]


# --8<-- [start:context]
def byte_bits(order):
    """Bits per test byte if bytes are counted after the last few bytes (Witten-Bell)."""
    past, future = train_text.encode(), test_text.encode()
    seen, total, kinds = (collections.Counter() for _ in range(3))
    for length in range(1, order + 1):
        seen.update(past[i : i + length] for i in range(len(past) - length + 1))
    for string, count in seen.items():
        total[string[:-1]] += count
        kinds[string[:-1]] += 1
    bits = 0.0
    for end in range(len(future)):
        chance = 1 / 256
        for length in range(min(order, end + 1)):
            before = future[end - length : end]
            if n := total.get(before):
                hits = seen.get(future[end - length : end + 1], 0)
                chance = (hits + kinds[before] * chance) / (n + kinds[before])
        bits -= np.log2(chance)
    return bits / len(future)


near, far = byte_bits(2), byte_bits(6)
print(f"bytes: {near:.2f} bits per byte looking one back, {far:.2f} looking five back")
assert abs(near - bpb[0]) < 0.01 and far < 1.05 * min(bpb)
# --8<-- [end:context]
