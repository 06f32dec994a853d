# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["numpy"]
# ///
"""Continuous batching does not wait for the longest answer; too little memory costs repeated work."""

# --8<-- [start:ways]
import collections

import numpy as np

PLACES, BLOCK = 16, 16


def static(answers):  # A batch ends with its longest answer.
    return sum(answers[i : i + PLACES].max() for i in range(0, len(answers), PLACES))


def continuous(answers, prompts, blocks):  # Each step gives every running request a token.
    waiting, running, victims = collections.deque(range(len(answers))), [], []
    done, steps, again = np.zeros_like(answers), 0, 0

    def held(requests):  # Blocks, with room for the next token.
        return sum(-(-(prompts[r] + done[r] + 1) // BLOCK) for r in requests)

    while waiting or running:
        while waiting and len(running) < PLACES and held([*running, waiting[0]]) <= blocks:
            running.append(waiting.popleft())
        while held(running) > blocks:  # The last to come gives up all its blocks.
            victims.append(running.pop())
            again += prompts[victims[-1]] + done[victims[-1]]
            waiting.appendleft(victims[-1])
        done[running] += 1
        steps += 1
        running = [r for r in running if done[r] < answers[r]]
    assert np.array_equal(done, answers)
    return steps, victims, again


# --8<-- [end:ways]

# --8<-- [start:steps]
SIZES = 10**6, 1400, 700, 350  # Blocks in the pool: more than enough, and ever fewer.
use, runs, equal = [], [], np.full(480, 200)
for seed in range(5):
    rng = np.random.default_rng(seed)
    answers, prompts = rng.geometric(1 / 200, 480), rng.integers(100, 901, 480)
    assert static(equal) == continuous(equal, prompts, SIZES[0])[0] == 480 // PLACES * 200
    tried = [continuous(answers, prompts, size) for size in SIZES]
    assert all(0 not in victims for _, victims, _ in tried)  # The first is never the last.
    use.append(answers.sum() / PLACES / np.array([static(answers), tried[0][0]]))
    total = prompts.sum() + answers.sum()
    runs.append([(steps, len(victims), again / total) for steps, victims, again in tried])
use, runs = np.array(use), np.array(runs)  # (seeds, 2), (seeds, sizes, what is counted)
print("places in use: static {:.0%}, continuous {:.0%}".format(*use.mean(axis=0)))
assert use[:, 0].max() < 0.35 and use[:, 1].min() > 0.9
# --8<-- [end:steps]

# --8<-- [start:memory]
for size, (steps, count, share) in zip(SIZES, runs.mean(axis=0), strict=True):
    print(f"{size:7d} blocks: {steps:6.0f} steps, {count:3.0f} preemptions,", end="")
    print(f" {share:4.0%} of all tokens computed again")
assert np.all(runs[:, :2, 1] == 0) and runs[:, 2, 2].min() > 0.05
assert np.all(np.diff(runs[:, 1:, 2]) > 0.05) and np.all(runs[:, 3, 0] > 1.9 * runs[:, 0, 0])
# --8<-- [end:memory]
