# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow~=2.21.0", "numpy"]
# ///
"""Starter: fill in two functions until all eight tests pass."""

# --8<-- [start:starter]
import math

import numpy as np
import tensorflow as tf


def attend(q, k, v, mask, heads):
    """q, k, v: (batch, time, features); mask: (batch, time), 1 = real token."""
    return tf.zeros_like(q)  # TODO: your multi-head attention.


def folds_by_pair(pairs, folds, seed):
    """pairs: (sentences,), equal numbers belong together; returns fold numbers."""
    rng = np.random.default_rng(seed)
    return rng.permutation(len(pairs)) % folds  # TODO: this tears pairs apart.


# --8<-- [end:starter]


# --8<-- [start:checks]
def random_inputs():
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(3, 2, 4, 8)).astype(np.float32)
    return q, k, v, np.array([[0, 0, 1, 1], [1, 1, 1, 0]], np.int32)


def test_the_worked_example():
    q = np.zeros((1, 3, 4), np.float32)
    q[0, :, 0] = math.sqrt(2) * math.log(3)
    k = np.array([[[1, 0, 0, 0], [0, 0, 0, 0], [9, 9, 9, 9]]], np.float32)
    v = np.array([[[8, 0, 4, 0], [0, 4, 0, 2], [9, 9, 9, 9]]], np.float32)
    mixed = attend(q, k, v, np.array([[1, 1, 0]], np.int32), heads=2)
    np.testing.assert_allclose(mixed[0, :2], [[6, 1, 2, 1]] * 2, atol=1e-5)


def test_one_head_is_scaled_by_its_width():
    q = np.array([[[2 * math.log(3), 0, 0, 0], [0, 0, 0, 0]]], np.float32)
    k = np.array([[[1, 0, 0, 0], [0, 0, 0, 0]]], np.float32)
    v = np.array([[[8, 0, 4, 0], [0, 4, 0, 2]]], np.float32)
    mixed = attend(q, k, v, np.ones((1, 2), np.int32), heads=1)
    np.testing.assert_allclose(mixed[0], [[6, 1, 3, 0.5], [4, 2, 2, 1]], atol=1e-5)


def test_weights_sum_to_one():
    q, k, v, mask = random_inputs()
    mixed = np.array(attend(q, k, np.ones_like(v), mask, heads=2))
    np.testing.assert_allclose(mixed[mask == 1], 1, atol=1e-5)


def test_padding_has_no_influence():
    q, k, v, mask = random_inputs()
    clean = np.array(attend(q, k, v, mask, heads=2))[mask == 1]
    k[mask == 0], v[mask == 0] = 1000, 7  # No padded key may be too strong.
    changed = np.array(attend(q, k, v, mask, heads=2))[mask == 1]
    np.testing.assert_allclose(changed, clean, atol=1e-5)


def test_heads_do_not_mix():
    q, k, v, mask = random_inputs()
    clean = attend(q, k, v, mask, heads=2)
    q[..., :4] += 1  # only the first head may notice
    changed = attend(q, k, v, mask, heads=2)
    np.testing.assert_allclose(changed[..., 4:], clean[..., 4:], atol=1e-5)


def test_no_pair_is_split():
    pairs = np.arange(40) % 20  # The halves of a pair need not be neighbours.
    fold = folds_by_pair(pairs, folds=5, seed=0)
    assert all(len(set(fold[pairs == pair])) == 1 for pair in range(20))


def test_folds_are_equal_in_size():
    fold = folds_by_pair(np.arange(40) % 20, folds=5, seed=0)
    assert sorted(fold) == [number for number in range(5) for _ in range(8)]


def test_the_seed_decides():
    pairs = np.arange(40) % 20
    first, again, other = (folds_by_pair(pairs, folds=5, seed=n).tolist() for n in (0, 0, 1))
    assert first == again and first != other


# --8<-- [end:checks]


# --8<-- [start:run]
tests = [
    test_the_worked_example,
    test_one_head_is_scaled_by_its_width,
    test_weights_sum_to_one,
    test_padding_has_no_influence,
    test_heads_do_not_mix,
    test_no_pair_is_split,
    test_folds_are_equal_in_size,
    test_the_seed_decides,
]
MAY_FAIL = 4  # Lower it as you go: at 0, one failed test stops the program.
failed = []
for test in tests:
    try:
        test()
    except AssertionError:
        failed.append(test.__name__)
        print("todo ", test.__name__)
        if len(failed) > MAY_FAIL:
            raise
    else:
        print("pass ", test.__name__)
# --8<-- [end:run]
