"""The handbooks that tests change: each is published once, and copied before it is broken."""

import contextlib
import os
import pathlib
import sys

import pytest

from tests.support.forked import Forked
from tests.support.handbooks import TinyHandbook, assemble, copy_of, started, surroundings
from tests.support.serving import serving

os.environ["LANGUAGE"] = "en"  # Tests read what a contributor is told, whoever starts them.


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> TinyHandbook:
    """The tiny handbook, run and published once; copy it before you change it."""
    handbook = assemble(tmp_path_factory.mktemp("handbooks") / "good")
    result = handbook.site()
    assert result.returncode == 0, result.stdout
    return handbook


@pytest.fixture(scope="session")
def published_whole(tmp_path_factory: pytest.TempPathFactory):
    """The same with a lab and questions, which take longer, served and built for its address."""
    handbook = assemble(tmp_path_factory.mktemp("handbooks") / "whole", whole=True)
    with serving(handbook.root / "site") as address:
        handbook.address = address
        handbook.environment = {
            "SITE_URL": f"{address}/",
            "SITE_URL_EN": f"{address}/en/",
            "REPOSITORY_URL": "https://example.org/repository",
            "SITE_VERSION": "1a2b3c",
        }
        result = handbook.site()
        assert result.returncode == 0, result.stdout
        yield handbook


@pytest.fixture
def handbook(published: TinyHandbook, tmp_path: pathlib.Path) -> TinyHandbook:
    """A copy of the published tiny handbook, to be broken."""
    return copy_of(published, tmp_path)


@pytest.fixture(scope="session")
def forked():
    """Runs the commands of the many handbooks that are broken, without starting Python for each.

    Elsewhere than on Linux it starts them all: a process that has imported much cannot be forked.
    """
    if sys.platform != "linux":
        yield started
        return
    with contextlib.closing(Forked(surroundings())) as server:
        yield server.run
