# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6"]
# ///
"""Split before removing copies and the test flatters."""

# --8<-- [start:split]
import collections
import inspect

import numpy as np

# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
paragraphs = [p for p in paragraphs if len(p) > 100]


def split(texts, seed):  # (train, test), one in five for the test
    order = np.random.default_rng(seed).permutation(len(texts))
    shuffled = [texts[i] for i in order]
    cut = len(texts) // 5
    return shuffled[cut:], shuffled[:cut]


# --8<-- [end:split]


# --8<-- [start:model]
def bits_per_character(train, test, order=6):
    """A model that counts which character follows the last few (Witten-Bell)."""
    seen, total, kinds = (collections.Counter() for _ in range(3))
    for text in train:
        for length in range(1, order + 1):
            seen.update(text[i : i + length] for i in range(len(text) - length + 1))
    for string, count in seen.items():
        total[string[:-1]] += count  # What followed these characters, …
        kinds[string[:-1]] += 1  # … and how many different ones.
    per_text = []
    for text in test:
        chances = []
        for end in range(len(text)):
            chance = 1 / 128
            for length in range(min(order, end + 1)):
                past = text[end - length : end]
                if n := total.get(past):
                    k, hits = kinds[past], seen.get(text[end - length : end + 1], 0)
                    chance = (hits + k * chance) / (n + k)
            chances.append(chance)
        per_text.append(-np.log2(chances).mean())
    return np.array(per_text)


# --8<-- [end:model]

# --8<-- [start:cause]
train, test = split(paragraphs, seed=0)
twin, taken = np.isin(test, train), set(test)  # Is this very paragraph in the training part?
bits = bits_per_character(train, test)
alone = bits_per_character([text for text in train if text not in taken], test)
print("bits per character      with their twins in training   without")
for name, some in (("paragraphs with a twin", twin), ("the others", ~twin)):
    print(f"{name:22s} {bits[some].mean():29.2f} {alone[some].mean():9.2f}")
assert alone[twin].mean() > bits[twin].mean() + 0.3
assert abs(alone[~twin].mean() - bits[~twin].mean()) < 0.1
# --8<-- [end:cause]

# --8<-- [start:leak]
print("bits per character   copies kept: all, with twin, without   copies removed")
rows, leaked = [], []
for seed in range(3):
    train, test = split(paragraphs, seed)
    bits, twin = bits_per_character(train, test), np.isin(test, train)
    clean_train, clean_test = split(list(dict.fromkeys(paragraphs)), seed)
    clean = bits_per_character(clean_train, clean_test)
    rows.append((bits.mean(), bits[twin].mean(), bits[~twin].mean(), clean.mean()))
    leaked.append(twin.mean())
    print(f"seed {seed}, {leaked[-1]:.0%} leaked   ", *(f"{b:9.2f}" for b in rows[-1]))
kept, with_twin, without, removed = np.array(rows).T  # (seeds,) each
assert all(with_twin < without - 0.3) and kept.mean() < removed.mean() - 0.05
# --8<-- [end:leak]
