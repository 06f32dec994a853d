"""What could differ from run to run is found, and what does is named."""

import dataclasses

import pytest

from handbook.program import Part, Program
from handbook.runs import repeats
from handbook.sandbox.result import Result


def program(code: str) -> Program:
    return Program("p", (Part(code, "p.py", 1),))


@pytest.mark.parametrize(
    "code",
    [
        "import time\nprint(time.time())",
        "from time import perf_counter\nperf_counter()",
        "import numpy as np\nnp.random.default_rng()",
        "import numpy as np\nnp.random.rand()",
        "import random\nrandom.random()",
        "print({object()})",
        "print(__file__)",
        "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor()",
    ],
)
def test_what_could_differ_is_suspect(code):
    assert repeats.is_suspect(program(code))


@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np\nrng = np.random.default_rng(0)\nrng.random(3)",
        "import random\nchance = random.Random(0)\nchance.random()",
        "import tensorflow as tf\ntf.random.set_seed(0)",
        "x = 1\nprint(x)",
    ],
)
def test_what_is_the_same_in_each_run_is_not(code):
    assert not repeats.is_suspect(program(code))


GAVE = Result(outputs=["a\nb\n"], figures=[["<svg/>"]], values={"x": ["1"]})


@pytest.mark.parametrize(
    "second, what",
    [
        ({}, None),
        ({"outputs": ["a\nc\n"]}, "'b' became 'c'"),
        ({"outputs": ["a\n"]}, "'b' became ''"),
        ({"figures": [["<svg></svg>"]]}, "its figure"),
        ({"values": {"x": ["2"]}}, "`x` was 1 and became 2"),
    ],
)
def test_what_differs_is_named(second, what):
    failure = repeats.difference(program("x"), GAVE, dataclasses.replace(GAVE, **second))
    assert (failure and failure.details["what"]) == what
