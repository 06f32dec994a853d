"""A server that the tests of the sandbox share."""

import contextlib

import pytest

from handbook.sandbox.result import Result
from handbook.sandbox.server import Server
from tests.support.sandbox import program, settings_with


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_TOKEN", "x")
        with contextlib.closing(Server(settings_with("matplotlib.pyplot"))) as started:
            yield started


@pytest.fixture(scope="module")
def server_of_labs():
    """One that imports nothing beforehand: a kernel brings its own."""
    with contextlib.closing(Server(settings_with())) as started:
        yield started


@pytest.fixture
def run(server):
    def run(*codes: str, values: tuple[str, ...] = ()) -> Result:
        return server.run(program(*codes, values=values))

    return run
