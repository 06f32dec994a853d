# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""An n-gram filter finds literal and reformatted leaks, not paraphrased or translated ones."""

# --8<-- [start:leaked-texts]
import re

question = (
    "A farmer has 17 sheep and all but nine run away during the storm. "
    "How many sheep does the farmer still have in the evening?"
)
training = {
    "literal": "Puzzle: " + question + " Answer: nine.",
    "reformatted": question.upper().replace(" ", "\n").replace(".", " !"),
    "paraphrased": "In a storm every sheep of a flock of seventeen escapes, except for "
    "nine. What is left of the flock at night? Nine animals.",
    "translated": "农夫有十七只羊，暴风雨里除了九只全跑了，傍晚还剩几只？九只。",
    "unrelated": "A farmer sells wool in the town during the week and repairs the "
    "fence of the meadow before the winter comes.",
}


# --8<-- [end:leaked-texts]


# --8<-- [start:ngrams]
def runs(text, n=8):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


flagged = {name: bool(runs(question) & runs(text)) for name, text in training.items()}
for name, found in flagged.items():
    print(f"{name:12s} {'removed' if found else 'kept'}")
assert [name for name, found in flagged.items() if found] == ["literal", "reformatted"]
# --8<-- [end:ngrams]
