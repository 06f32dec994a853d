# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "matplotlib"]
# ///
"""MinHash with bands finds lightly edited copies without comparing all pairs; an exact hash none."""

# --8<-- [start:documents]
import collections
import hashlib
import inspect
import itertools
import re
import zlib

import matplotlib.pyplot as plt
import numpy as np

# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
paragraphs = [p for p in paragraphs if len(p) > 100]
unique = list(dict.fromkeys(paragraphs))
rng = np.random.default_rng(0)
copies, changed = [], []
for text in unique[:500]:  # Replace up to a tenth of the words, at least one.
    words = text.split()
    count = max(1, int(rng.uniform(0, 0.1) * len(words)))
    for i in rng.choice(len(words), count, replace=False):
        words[i] = "edited"
    copies.append(" ".join(words))
    changed.append(count / len(words))
documents = unique + copies
# --8<-- [end:documents]


# --8<-- [start:exact]
def digest(text):  # Case, spaces and punctuation do not count.
    return hashlib.md5(" ".join(re.findall(r"\w+", text.lower())).encode()).digest()


repeated = 1 - len(set(paragraphs)) / len(paragraphs)
known = set(map(digest, unique))
hits = sum(digest(copy) in known for copy in copies)
print(f"{len(paragraphs)} real paragraphs, {repeated:.0%} of them exact repeats")
print(f"of {len(copies)} edited copies the exact hash finds {hits}")
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
assert len(candidates) < everything / 500
# --8<-- [end:bands]

# --8<-- [start:edited]
caught = np.array([(i, len(unique) + i) in candidates for i in range(500)])
share = {}
for low, high in ((0, 0.03), (0.03, 0.06), (0.06, 0.15)):
    inside = (np.array(changed) > low) & (np.array(changed) <= high)
    share[high] = caught[inside].mean()
    print(
        f"{low:.0%} to {high:.0%} of the words changed: found {share[high]:.0%} of {inside.sum()}"
    )
print(f"all edited copies: found {caught.mean():.0%}")
assert share[0.03] > 0.9 and share[0.15] < 0.6
# --8<-- [end:edited]

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
expected = np.sqrt(np.mean((true * (1 - true))[true > 0.3] / (BANDS * ROWS)))
recall, noise = found[close].mean(), found[far].sum() / found.sum()
print(f"estimate off by {error:.3f}, expected {expected:.3f}")
print(f"found {recall:.0%} of {close.sum()} pairs above 0.9")
assert abs(error / expected - 1) < 0.1 and recall > 0.98 and noise < 0.05
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
assert gap < 0.25
# --8<-- [end:curve]

# --8<-- [start:false-positive]
real = [(n, pair) for pair, n in jaccard.items() if max(pair) < len(unique)]
similarity, (i, j) = max(real)
below = np.mean([jaccard.get((n, len(unique) + n), 0) < similarity for n in range(500)])
print(documents[i][:75])
print(documents[j][:75])
print(f"similarity {similarity:.2f}; {below:.0%} of the edited copies have less")
one_word = documents[i].replace("OR", "XOR") == documents[j]
assert one_word and (i, j) in candidates and below > 0.5
# --8<-- [end:false-positive]
