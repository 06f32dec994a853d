"""The one place that reads `[tool.handbook]` in pyproject.toml, and that knows where the handbook is."""

import dataclasses
import functools
import pathlib
import tomllib

# The handbook that this package belongs to.
ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Limits:
    """What one program may use before it is stopped from outside.

    Attributes:
        cpu_seconds: processor time of a program, with all processes that it starts; what is
            preloaded is not counted.
        lab_cpu_seconds: the same for a lab.
        wall_seconds: wall time, for what waits instead of computing.
        memory_gib: address space of the process.
        output_kib: everything the program prints.
        figures: figures that one program may draw.
        processes: processes that run at once, the program included.
        files_gib: what the program may write to its folder.
    """

    cpu_seconds: float
    lab_cpu_seconds: float
    wall_seconds: float
    memory_gib: float
    output_kib: int
    figures: int
    processes: int
    files_gib: float


@dataclasses.dataclass(frozen=True)
class Settings:
    """A handbook on disk: where it is and how its programs run.

    Attributes:
        root: the folder that holds mkdocs.yml, docs/ and snippets/.
        limits: what one program may use.
        preload: packages that the server imports once, before it forks for a program.
        versions: packages whose versions a page's stamp names.
        page_kib: the most that a page's HTML may weigh, gzipped.
        page_cpu_seconds: what a page's programs may cost in all, and its mutations as much again.
    """

    root: pathlib.Path
    limits: Limits
    preload: tuple[str, ...]
    versions: tuple[str, ...]
    page_kib: int
    page_cpu_seconds: float

    @property
    def made(self) -> pathlib.Path:
        """Where everything is kept that was made here and can be made again."""
        return self.root / ".handbook"

    @property
    def records(self) -> pathlib.Path:
        """Where the results of programs that ran are kept."""
        return self.made / "records"


def load(root: pathlib.Path) -> Settings:
    """Read the settings of the handbook at `root`.

    Raises:
        FileNotFoundError: there is no pyproject.toml at `root`.
        KeyError: a setting is missing from `[tool.handbook]`.
    """
    return _read(root, (root / "pyproject.toml").read_text("utf-8"))


@functools.lru_cache(maxsize=8)
def _read(root: pathlib.Path, text: str) -> Settings:
    table = tomllib.loads(text)["tool"]["handbook"]
    return Settings(
        root=root,
        limits=Limits(**table["limits"]),
        preload=tuple(table["preload"]),
        versions=tuple(table["versions"]),
        page_kib=table["page_kib"],
        page_cpu_seconds=table["page_cpu_seconds"],
    )
