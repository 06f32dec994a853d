# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Temperature before or after a filter can matter for top-p and min-p, not for top-k."""

# --8<-- [start:filters]
import numpy as np

VOCABULARY, ROUNDS = 1000, 200


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def top_k(p, k=20):
    return p >= np.sort(p)[-k]


def top_p(p, mass=0.9):
    order = np.argsort(-p)
    before = np.cumsum(p[order]) - p[order]  # What the more probable ones hold.
    keep = np.empty(len(p), dtype=bool)
    keep[order] = before < mass
    return keep


def min_p(p, share=0.1):
    return p >= share * p.max()


# --8<-- [end:filters]

# --8<-- [start:compare]
rng = np.random.default_rng(0)
sure, unsure = (scale * rng.normal(size=(ROUNDS, VOCABULARY)) for scale in (4, 1))
print("         kept when sure  when unsure  same set if T=2 comes last")
kept, same = {}, {}
for rule in (top_k, top_p, min_p):
    kept[rule] = [np.mean([rule(softmax(z)).sum() for z in logits]) for logits in (sure, unsure)]
    first, last = (np.array([rule(softmax(z / t)) for z in sure]) for t in (2, 1))
    same[rule] = np.mean(np.all(first == last, axis=1))
    print(f"{rule.__name__:8} {kept[rule][0]:14.1f} {kept[rule][1]:12.1f} {same[rule]:16.0%}")
    assert np.all(last <= first)
assert all(p[top_p(p)].sum() >= 0.9 for p in map(softmax, sure))
growth = [kept[rule][1] / kept[rule][0] for rule in (top_p, min_p)]
assert kept[top_k] == [20, 20] and min(growth) > 10
assert same[top_k] == 1 and max(same[top_p], same[min_p]) < 0.1
# --8<-- [end:compare]


# --8<-- [start:penalty]
def penalize(z, seen, theta=1.3):
    z = z.copy()
    z[seen] = np.where(z[seen] > 0, z[seen] / theta, z[seen] * theta)
    return z


z, seen = np.array([2.0, 1.0, -1.0]), np.array([0, 2])
plain, shifted = softmax(penalize(z, seen)), softmax(penalize(z + 5, seen))
print("before", softmax(z).round(3), " after", plain.round(3), " logits 5 higher", shifted.round(3))
assert np.allclose(softmax(z), softmax(z + 5)) and np.abs(plain - shifted).max() > 0.1
assert np.all((plain / plain[1])[seen] < (softmax(z) / softmax(z)[1])[seen])
# --8<-- [end:penalty]
