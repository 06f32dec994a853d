# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""One pass over a conversation trains all its answers, if the template keeps the past as it was."""

# --8<-- [start:setup]
import numpy as np

TURNS = [  # Question, thought, answer.
    ("2 + 3 ?", "two plus three makes five", "5"),
    ("times 4 ?", "five times four makes twenty", "20"),
    ("minus 6 ?", "twenty minus six makes fourteen", "14"),
]


def render(turns, thoughts):
    """Tokens, and for each the turn whose answer it belongs to (0: given, not counted)."""
    tokens, answer = [], []
    for number, (question, thought, reply) in enumerate(turns, start=1):
        given = ["<user>", *question.split(), "<end>", "<assistant>"]
        own = [reply, "<end>"]
        if thoughts == "all" or (thoughts == "last" and number == len(turns)):
            own = ["<think>", *thought.split(), "</think>", *own]
        tokens += given + own
        answer += [0] * len(given) + [number] * len(own)
    return np.array(tokens), np.array(answer)


WORDS, SIZE = sorted(set(render(TURNS, "all")[0])), 32


def losses(tokens, seed):
    """Minus log-probability of every token but the first; one causal layer, random weights."""
    noise = np.random.default_rng(seed)
    ids = np.searchsorted(WORDS, tokens)
    x = noise.normal(size=(len(WORDS), SIZE))[ids]  # (time, size)
    q, k, v = noise.normal(0, SIZE**-0.5, (3, SIZE, SIZE))
    weights = np.tril(np.exp((x @ q) @ (x @ k).T / SIZE**0.5))
    h = x + weights / weights.sum(axis=1, keepdims=True) @ x @ v
    logits = (h @ noise.normal(0, SIZE**-0.5, (SIZE, len(WORDS))))[:-1]
    return np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(logits)), ids[1:]]


# --8<-- [end:setup]

# --8<-- [start:compare]
gap, places = {}, {}
print("              tokens    losses of the answers apart by")
for template in ("none", "all", "last"):
    tokens, answer = render(TURNS, "all" if template == "last" else template)
    rows = [render(TURNS[:turn], template) for turn in (1, 2, 3)]
    gaps = []
    for seed in range(5):
        together = losses(tokens, seed)[answer[1:] > 0].sum()
        apart = sum(losses(row, seed)[own[1:] == own[-1]].sum() for row, own in rows)
        gaps.append(abs(together / apart - 1))
    gap[template] = np.array(gaps)
    places[template] = len(tokens), sum(len(row) for row, _ in rows)
    print(f"thoughts {template:4s}", places[template], f"{min(gaps):.0e} to {max(gaps):.0e}")
assert max(gap["none"].max(), gap["all"].max()) < 1e-12 < 1e-4 < gap["last"].min()
assert places == {"none": (25, 51), "all": (46, 93), "last": (46, 72)}
# --8<-- [end:compare]

# --8<-- [start:pad]
tokens, answer = render(TURNS, "none")
ends = {}
for pad in ("<pad>", "<end>"):
    counted = (answer > 0) & (tokens != pad)  # Padding is left out by its id.
    ends[pad] = int((counted & (tokens == "<end>")).sum())
    print(f"padding is {pad}: {counted.sum()} tokens count, {ends[pad]} of them end an answer")
assert ends == {"<pad>": 3, "<end>": 0}
# --8<-- [end:pad]
