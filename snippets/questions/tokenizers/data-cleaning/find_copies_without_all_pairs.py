# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "matplotlib"]
# ///
"""MinHash with bands finds edited copies that an exact hash misses, without comparing all pairs."""

# --8<-- [start:documents]
import collections
import hashlib
import itertools
import zlib
from pydoc_data.topics import topics

import matplotlib.pyplot as plt
import numpy as np

paragraphs = "\n\n".join(topics.values()).split("\n\n")
paragraphs = [" ".join(p.split()) for p in paragraphs if len(p) > 100]
unique = list(dict.fromkeys(paragraphs))
rng = np.random.default_rng(0)
copies = []
for text in unique[:500]:  # Edit up to 12 % of the words.
    words = text.split()
    edited = rng.random(len(words)) < rng.uniform(0, 0.12)
    pairs = zip(words, edited, strict=True)
    copies.append(" ".join("edited" if e else w for w, e in pairs))
documents = unique + copies
# --8<-- [end:documents]

# --8<-- [start:exact]
seen = collections.Counter(hashlib.md5(text.encode()).digest() for text in paragraphs)
repeated = 1 - len(seen) / len(paragraphs)
changed = [i for i in range(500) if copies[i] != unique[i]]
first = {hashlib.md5(text.encode()).digest() for text in unique}
hits = sum(hashlib.md5(copies[i].encode()).digest() in first for i in changed)
print(f"{len(paragraphs)} real paragraphs, {repeated:.0%} of them exact repeats")
print(f"of {len(changed)} edited copies the exact hash finds {hits}")
assert repeated > 0.1 and hits == 0
# --8<-- [end:exact]


# --8<-- [start:minhash]
def shingles(text):  # every run of three words, as a number
    words = text.lower().split()
    runs = (" ".join(words[i : i + 3]) for i in range(len(words) - 2))
    return np.unique([zlib.crc32(run.encode()) for run in runs]).astype(np.uint64)


BANDS, ROWS = 14, 8
PRIME = np.uint64(2**31 - 1)
a, b = rng.integers(1, 2**31 - 1, (2, BANDS * ROWS, 1), dtype=np.uint64)
sets = [shingles(text) for text in documents]
# Each hash function orders all shingles at random; keep the first of the document.
signatures = np.array([((a * (s % PRIME) + b) % PRIME).min(axis=1) for s in sets])
print("signatures:", signatures.shape, "longest document:", max(map(len, sets)), "runs")
# --8<-- [end:minhash]

# --8<-- [start:bands]
candidates = set()
for band in range(BANDS):
    buckets = collections.defaultdict(list)
    for i, row in enumerate(signatures[:, band * ROWS : (band + 1) * ROWS]):
        buckets[row.tobytes()].append(i)
    for members in buckets.values():
        candidates.update(itertools.combinations(members, 2))
everything = len(documents) * (len(documents) - 1) // 2
print(f"{len(candidates):,} pairs to look at instead of {everything:,}")
# --8<-- [end:bands]

# --8<-- [start:truth]
where = collections.defaultdict(list)
for i, s in enumerate(sets):
    for shingle in s.tolist():
        where[shingle].append(i)
shared = collections.Counter()  # The slow way, only to check the fast one.
for members in where.values():
    shared.update(itertools.combinations(members, 2))
jaccard = {(i, j): n / (len(sets[i]) + len(sets[j]) - n) for (i, j), n in shared.items()}
true = np.array(list(jaccard.values()))
guess = np.array([np.mean(signatures[i] == signatures[j]) for i, j in jaccard])
found = np.array([pair in candidates for pair in jaccard])
close, far = true >= 0.9, true < 0.4
error = np.sqrt(np.mean((guess - true)[true > 0.3] ** 2))
recall, noise = found[close].mean(), found[far].sum() / found.sum()
print(f"estimate off by {error:.3f}; found {recall:.0%} of {close.sum()} pairs above 0.9")
assert error < 0.06 and recall > 0.98 and noise < 0.05
assert len(candidates) < everything / 500
# --8<-- [end:truth]

# --8<-- [start:curve]
edges = np.linspace(0.2, 1.0, 9)
middle, measured, theory = [], [], []
for low, high in itertools.pairwise(edges):
    inside = (true >= low) & (true < high + 1e-9)
    middle.append(true[inside].mean())
    measured.append(found[inside].mean())
    theory.append(np.mean(1 - (1 - true[inside] ** ROWS) ** BANDS))
gap = np.abs(np.array(measured) - theory).max()
print(f"largest distance from the formula: {gap:.2f}")
s = np.linspace(0, 1, 200)
plt.figure(figsize=(6.4, 3.0))
plt.plot(s, 1 - (1 - s**ROWS) ** BANDS, label="1 − (1 − s⁸)¹⁴")
plt.plot(middle, measured, "o", label="measured")
plt.xlabel("true Jaccard similarity s of a pair")
plt.ylabel("share that becomes a candidate")
plt.legend()
plt.tight_layout()
plt.show()
assert gap < 0.15
# --8<-- [end:curve]

# --8<-- [start:false-positive]
real = [(n, pair) for pair, n in jaccard.items() if max(pair) < len(unique)]
similarity, (i, j) = max(real)
print(f"{similarity:.2f}")
print(documents[i][:75])
print(documents[j][:75])
assert similarity > 0.8 and documents[i] != documents[j]
# --8<-- [end:false-positive]
