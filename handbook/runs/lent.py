"""Records that a published site lends to a checkout where nothing runs.

A lent record is valid for the program, the lock file, the runner and the limits that are here, and
for the Python and the processor that it names. Only the preview shows it; it never becomes one of
the records that a site is published from.
"""

import concurrent.futures
import dataclasses
import functools
import http.client
import json
import pathlib
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable

from handbook.files import write_whole
from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes
from handbook.program import Program
from handbook.runs import records
from handbook.runs.records import Place, Record
from handbook.settings import Settings

FOLDER = "records"  # below the root of a published site
INDEX = f"{FOLDER}/index.json"
TIMEOUT = 10  # seconds that a site may be silent
LARGEST = 64 * 2**20  # bytes of one file
AT_ONCE = 8

# Gives a file of a site by its name; raises `Refused`, or `Mistakes` if the site gives none at all.
Read = Callable[[str], bytes]


class Refused(Exception):
    """Why one file of a site is not taken."""


@dataclasses.dataclass(frozen=True)
class Fetched:
    """What came of asking a site for records.

    Attributes:
        asked: for how many programs.
        found: how many of them have a record from there now.
        refused: one for each program whose record there is not valid.
    """

    asked: int
    found: int
    refused: tuple[Mistake, ...]

    def __str__(self) -> str:
        said = told(f"{self.found} of {self.asked} programs have a record from there now")
        if self.refused:
            said += told(f"; {len(self.refused)} refused")
        if absent := self.asked - self.found - len(self.refused):
            said += told(
                f"; there is none for {absent}: the program, uv.lock, the limits or "
                "handbook/sandbox differ from what that site was made from"
            )
        return said


def index_of(found: Iterable[Record]) -> str:
    """The list of records that a site carries: the key of each, and where it was made."""
    listed = [
        {"key": record.key, "python": record.python, "machine": record.machine}
        for record in sorted(found, key=lambda record: record.key)
    ]
    return json.dumps({"records": listed}, indent=1) + "\n"


def fetch(source: str, programs: Iterable[Program], known: Settings) -> Fetched:
    """Take the records of some programs from a published site, and keep those that are valid.

    Args:
        source: the http address of the site, or a folder that holds it.
        programs: what a record is wanted for.
        known: the settings of the handbook.

    Raises:
        Mistakes: the source is no such site, or does not answer.
        OSError: a record cannot be written.
    """
    read = _reader(source)
    index = _index(source, read)
    asked = {records.key_of(program, known): program for program in programs}
    # Of records from several places, that from a place like this one.
    places = sorted(dict.fromkeys(index.values()), key=lambda place: place == records.here())
    offered = {
        own: key
        for place in places
        for own, program in asked.items()
        if (key := records.key_of(program, known, place)) in index
    }

    def take(own: str) -> Mistake | None:
        program, name = asked[own], f"{FOLDER}/{offered[own]}.json"
        try:
            text = read(name)
            record = _parse(text, program, known)
            if record is None or record.key != offered[own]:
                raise Refused("it was changed, or is not of this program, Python and processor")
        except Refused as why:
            what = f"the record of {program.name} is refused, {_join(source, name)}: {why}"
            first = program.parts[0]
            return Mistake(first.file, first.line, what, "Tell whoever publishes that site.")
        write_whole(_file(own, known), text)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        refused = tuple(filter(None, pool.map(take, offered)))
    return Fetched(len(asked), len(offered) - len(refused), refused)


def load(program: Program, known: Settings) -> Record | None:
    """The lent record of a program, or None if there is none that is valid now."""
    try:
        text = _file(records.key_of(program, known), known).read_bytes()
    except OSError:
        return None
    return _parse(text, program, known)


def _parse(text: bytes, program: Program, known: Settings) -> Record | None:
    return records.parse(text, lambda place: records.key_of(program, known, place))


def _file(own: str, known: Settings) -> pathlib.Path:
    """Where a lent record is kept: under the key that the program's own record would have."""
    return known.made / "lent" / f"{own}.json"


def _index(source: str, read: Read) -> dict[str, Place]:
    """Key → where the record was made."""
    try:
        listed = json.loads(read(INDEX))["records"]
        return {
            entry["key"]: Place(str(entry["python"]), str(entry["machine"])) for entry in listed
        }
    except Refused as error:
        what = f"there is no list of records: {error}"
    except (ValueError, KeyError, TypeError, RecursionError):
        what = "this is no list of records"
    remedy = "Name the address of a published site, without en/, or the folder that holds it."
    raise Mistakes([Mistake(_join(source, INDEX), 1, what, remedy)])


def _join(source: str, name: str) -> str:
    return f"{source.rstrip('/')}/{name}"


def _reader(source: str) -> Read:
    if re.match("https?://", source, re.IGNORECASE):
        return functools.partial(_from_web, _opener(), source)
    folder = pathlib.Path(source).expanduser()
    if not folder.is_dir():
        what = "there is no such folder"
        remedy = (
            "Name a folder that holds a published site, or an address with http:// or https://."
        )
        raise Mistakes([Mistake(source, 1, what, remedy)])
    return functools.partial(_from_folder, folder)


def _from_folder(folder: pathlib.Path, name: str) -> bytes:
    try:
        with open(folder / name, "rb") as file:
            return _whole(file)
    except OSError as error:
        raise Refused(error.strerror or str(error)) from None


def _from_web(opener: urllib.request.OpenerDirector, address: str, name: str) -> bytes:
    try:
        with opener.open(_join(address, name), timeout=TIMEOUT) as answer:
            return _whole(answer)
    except urllib.error.HTTPError as error:
        raise Refused(f"{error.code} {' '.join(error.reason.split())}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        silent = f"silence for {TIMEOUT} seconds" if isinstance(reason, TimeoutError) else ""
        what = f"the site does not answer: {silent or getattr(reason, 'strerror', '') or reason}"
    remedy = "Check the address and the network, then try again."
    raise Mistakes([Mistake(_join(address, name), 1, what, remedy)])


def _opener() -> urllib.request.OpenerDirector:
    """Opens http and https only: a redirect to anything else, such as a local file, is refused."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _whole(file) -> bytes:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(f"it is larger than {LARGEST // 2**20} MiB")
    return content
