"""What a published site lends is valid here, for this very program, or it is not taken."""

import contextlib
import dataclasses
import http.server
import json
import pathlib
import shutil
import socket
import threading

import pytest

from handbook import settings
from handbook.book.handbook import Handbook
from handbook.mistakes import Mistakes
from handbook.program import Part, Program, syntax_of
from handbook.runs import lent, records
from handbook.runs.records import Place
from handbook.sandbox.result import Result
from handbook.settings import ROOT
from tests.support.serving import serving

ADDS = Program("adds.py", (Part("print(1 + 1)", "snippets/adds.py", 3),))
DRAWS = Program("draws.py", (Part("print('drawn')", "snippets/draws.py", 1),), ("x",))
OTHER_PYTHON = Place("3.13.9 (main, Jan  1 2026, 00:00:00) [GCC 14.2.0]", records.here().machine)
OTHER_MACHINE = Place(records.here().python, "another")


@pytest.fixture
def known(tmp_path) -> settings.Settings:
    return settings_at(tmp_path / "here")


@pytest.fixture
def publish(tmp_path, monkeypatch):
    """Makes the folder of a site with the records of some programs, as if they had run there."""
    site = tmp_path / "site"

    def publish(*programs: Program, place: Place | None = None, lock: str = "") -> pathlib.Path:
        there, at = settings_at(tmp_path / "there", lock), place or records.here()
        with monkeypatch.context() as patch:
            patch.setattr(records, "here", lambda: at)
            made = [
                records.save(records.key_of(p, there), Result(outputs=[f"{p.name}\n"]), there)
                for p in programs
            ]
        shutil.copytree(there.records, site / lent.FOLDER)
        (site / lent.INDEX).write_text(lent.index_of(made), "utf-8")
        return site

    return publish


def settings_at(root: pathlib.Path, lock: str = "") -> settings.Settings:
    root.mkdir()
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    with open(root / "uv.lock", "a", encoding="utf-8") as file:
        file.write(lock)
    return settings.load(root)


def file_on(site: pathlib.Path, program: Program, known: settings.Settings) -> pathlib.Path:
    return site / lent.FOLDER / f"{records.key_of(program, known)}.json"


def swap(one: pathlib.Path, other: pathlib.Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def mistake_of(source: str | pathlib.Path, known: settings.Settings) -> str:
    """The one mistake that makes a source unusable."""
    with pytest.raises(Mistakes) as error:
        lent.fetch(str(source), [ADDS], known)
    assert not (known.made / "lent").exists()
    return str(error.value)


@contextlib.contextmanager
def answering(status: int, headers: dict[str, str]):
    """A site that answers everything alike; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_records_come_from_a_folder_and_are_no_own_records(known, publish):
    site = publish(ADDS, DRAWS)
    fetched = lent.fetch(str(site), [ADDS, DRAWS, ADDS], known)
    assert (fetched.asked, fetched.found, fetched.refused) == (2, 2, ())
    assert str(fetched) == "2 of 2 programs have a record from there now"
    assert lent.load(ADDS, known).result.outputs == ["adds.py\n"]
    assert lent.load(DRAWS, known).result.outputs == ["draws.py\n"]
    assert records.load(records.key_of(ADDS, known), known) is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_records_come_from_an_address(known, publish, slash):
    with serving(publish(ADDS, DRAWS)) as address:
        assert lent.fetch(address + slash, [ADDS, DRAWS], known).found == 2
    assert lent.load(DRAWS, known).result.outputs == ["draws.py\n"]


@pytest.mark.parametrize("place", [OTHER_PYTHON, OTHER_MACHINE])
def test_a_record_of_another_place_is_found_and_names_it(known, publish, place):
    site = publish(ADDS, place=place)
    assert not file_on(site, ADDS, known).exists()
    assert lent.fetch(str(site), [ADDS], known).found == 1
    record = lent.load(ADDS, known)
    assert (record.python, record.machine) == (place.python, place.machine)
    assert record.key == records.key_of(ADDS, known, place) != records.key_of(ADDS, known)


def test_of_two_records_that_of_a_place_like_this_is_taken(known, publish, tmp_path):
    for number, place in enumerate((records.here(), OTHER_PYTHON)):
        site = publish(ADDS, place=place)
        site.rename(tmp_path / str(number))
        shutil.rmtree(tmp_path / "there")
    here, other = (tmp_path / str(number) / lent.FOLDER for number in range(2))
    listed = [json.loads((x / "index.json").read_text("utf-8"))["records"] for x in (here, other)]
    shutil.copytree(other, here, dirs_exist_ok=True)
    for both in (listed[0] + listed[1], listed[1] + listed[0]):
        (here / "index.json").write_text(json.dumps({"records": both}), "utf-8")
        assert lent.fetch(str(here.parent), [ADDS], known).found == 1
        assert lent.load(ADDS, known).key == records.key_of(ADDS, known)


@pytest.mark.parametrize(
    "changed",
    [
        dataclasses.replace(ADDS, parts=(Part("print(1 + 2)", "snippets/adds.py", 3),)),
        dataclasses.replace(ADDS, expressions=("x",)),
    ],
)
def test_a_program_that_has_changed_finds_nothing(known, publish, changed):
    site = publish(ADDS)
    fetched = lent.fetch(str(site), [ADDS, changed], known)
    assert (fetched.asked, fetched.found, fetched.refused) == (2, 1, ())
    assert "; there is none for 1: the program, uv.lock, the limits" in str(fetched)
    assert lent.load(ADDS, known) and lent.load(changed, known) is None


def test_a_record_made_with_another_lock_file_is_not_found(known, publish):
    fetched = lent.fetch(str(publish(ADDS, lock="# changed\n")), [ADDS], known)
    assert (fetched.found, fetched.refused) == (0, ())


def test_a_lent_record_is_gone_when_the_lock_file_or_a_limit_changes(known, publish):
    lent.fetch(str(publish(ADDS)), [ADDS], known)
    limits = dataclasses.replace(known.limits, output_kib=known.limits.output_kib + 1)
    kept = known.made / "lent" / f"{records.key_of(ADDS, known)}.json"
    changed = dataclasses.replace(known, limits=limits)
    shutil.copy(kept, kept.with_name(f"{records.key_of(ADDS, changed)}.json"))
    assert lent.load(ADDS, changed) is None
    with open(known.root / "uv.lock", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    records._surroundings.cache_clear()
    shutil.copy(kept, kept.with_name(f"{records.key_of(ADDS, known)}.json"))
    assert lent.load(ADDS, known) is None


def test_a_tampered_record_is_refused_by_name(known, publish):
    site = publish(ADDS, DRAWS)
    file = file_on(site, ADDS, known)
    file.write_text(file.read_text("utf-8").replace("adds.py", "more.py"), "utf-8")
    fetched = lent.fetch(str(site), [ADDS, DRAWS], known)
    assert (fetched.asked, fetched.found) == (2, 1)
    assert str(fetched).endswith("now; 1 refused")
    (refused,) = map(str, fetched.refused)
    assert refused.startswith("snippets/adds.py:3: the record of adds.py is refused, ")
    assert f"{file}: it was changed, or is not of this program" in refused
    assert lent.load(ADDS, known) is None and lent.load(DRAWS, known)


def test_a_refused_record_leaves_the_one_that_was_lent_before(known, publish):
    site = publish(ADDS)
    lent.fetch(str(site), [ADDS], known)
    file_on(site, ADDS, known).write_bytes(b"{")
    assert lent.fetch(str(site), [ADDS], known).found == 0
    assert lent.load(ADDS, known)


def test_a_record_under_the_name_of_another_is_refused(known, publish):
    site = publish(ADDS, DRAWS)
    swap(file_on(site, ADDS, known), file_on(site, DRAWS, known))
    fetched = lent.fetch(str(site), [ADDS, DRAWS], known)
    assert fetched.found == 0 and len(fetched.refused) == 2
    assert not (known.made / "lent").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b"[" * 10**5, None])
def test_what_is_no_record_is_refused(known, publish, content):
    site = publish(ADDS)
    file = file_on(site, ADDS, known)
    file.unlink() if content is None else file.write_bytes(content)
    fetched = lent.fetch(str(site), [ADDS], known)
    assert fetched.found == 0 and len(fetched.refused) == 1


def test_a_record_of_another_place_than_is_listed_is_refused(known, publish):
    site = publish(ADDS, place=OTHER_PYTHON)
    file = site / lent.FOLDER / f"{records.key_of(ADDS, known, OTHER_PYTHON)}.json"
    key = records.key_of(ADDS, known)
    file.rename(file.with_name(f"{key}.json"))
    entry = {"key": key, **dataclasses.asdict(records.here())}
    (site / lent.INDEX).write_text(json.dumps({"records": [entry]}), "utf-8")
    assert len(lent.fetch(str(site), [ADDS], known).refused) == 1


def test_what_was_lent_is_checked_again_when_it_is_read(known, publish):
    lent.fetch(str(publish(ADDS, DRAWS)), [ADDS, DRAWS], known)
    one, other = sorted((known.made / "lent").iterdir())
    swap(one, other)
    assert lent.load(ADDS, known) is None and lent.load(DRAWS, known) is None
    swap(one, other)
    for file in (one, other):
        file.write_text(file.read_text("utf-8").replace(".py", ".txt"), "utf-8")
    assert lent.load(ADDS, known) is None and lent.load(DRAWS, known) is None


def test_a_folder_that_does_not_exist_is_named(known, tmp_path):
    said = mistake_of(tmp_path / "nowhere", known)
    assert said.startswith(f"{tmp_path}/nowhere:1: there is no such folder. Name ")


def test_a_site_without_records_is_named(known, tmp_path):
    said = mistake_of(tmp_path, known)
    assert f"{lent.INDEX}:1: there is no list of records: No such file" in said
    with serving(tmp_path) as address:
        said = mistake_of(address, known)
    assert said.startswith(f"{address}/{lent.INDEX}:1: there is no list of records: 404 ")


@pytest.mark.parametrize(
    "text",
    ["", "<!doctype html>", "[]", "{}", '{"records": [1]}', '{"records": [{"key": "k"}]}', "[" * 10**5],
)  # fmt: skip
def test_an_index_that_is_none_is_named(known, publish, text):
    site = publish(ADDS)
    (site / lent.INDEX).write_text(text, "utf-8")
    assert mistake_of(site, known).startswith(f"{site}/{lent.INDEX}:1: this is no list of records.")


@pytest.mark.parametrize(
    "address", ["http://", "http://[", "http://127.0.0.1:none", "https://手册."]
)
def test_an_address_that_is_none_is_named(known, address):
    assert "the site does not answer: " in mistake_of(address, known)


def test_a_dead_address_is_named(known):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        said = mistake_of(address, known)
    assert said.startswith(
        f"{address}/{lent.INDEX}:1: the site does not answer: Connection refused"
    )


def test_a_silent_site_is_named(known, monkeypatch):
    monkeypatch.setattr(lent, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = mistake_of(f"http://127.0.0.1:{server.getsockname()[1]}", known)
    assert "the site does not answer: silence for 0.2 seconds. Check" in said


def test_a_site_that_dies_on_the_way_is_named_once(known, publish, monkeypatch):
    site = publish(ADDS, DRAWS)
    index = (site / lent.INDEX).read_bytes()

    def dying(answer) -> bytes:
        if answer.url.endswith(lent.INDEX):
            return index
        raise ConnectionResetError("reset")

    monkeypatch.setattr(lent, "_whole", dying)
    with serving(site) as address:
        assert mistake_of(address, known).count("the site does not answer: reset") == 1


def test_what_is_too_large_is_not_read(known, publish, monkeypatch):
    site = publish(ADDS)
    size = (site / lent.INDEX).stat().st_size
    with serving(site) as address:
        monkeypatch.setattr(lent, "LARGEST", size)
        fetched = lent.fetch(address, [ADDS], known)
        assert "it is larger than " in str(fetched.refused[0])
        monkeypatch.setattr(lent, "LARGEST", size - 1)
        assert "there is no list of records: it is larger than " in mistake_of(address, known)


@pytest.mark.parametrize("scheme", ["file", "ftp", "data"])
def test_a_redirect_to_anything_but_the_web_is_refused(known, publish, scheme):
    site = publish(ADDS)
    with answering(302, {"Location": f"{scheme}://{site}/{lent.INDEX}"}) as address:
        assert f"{address}/{lent.INDEX}:1: " in mistake_of(address, known)


def test_a_redirect_within_the_web_is_followed(known, publish):
    with serving(publish(ADDS)) as there:
        with answering(301, {"Location": f"{there}/{lent.INDEX}"}) as address:
            assert len(lent.fetch(address, [ADDS], known).refused) == 1  # The index was read.


def test_the_text_of_a_syntax_tree_is_the_same_in_every_python():
    """3.12 adds fields and ends some f-strings with an empty text; 3.13 writes no empty lists."""
    code = 'def f(a, *, b):\n    return f"{a:>{b}}"\n'
    assert syntax_of(code) == (
        "Module(body=[FunctionDef(name='f', args=arguments(args=[arg(arg='a')], "
        "kwonlyargs=[arg(arg='b')], kw_defaults=[None]), body=[Return(value=JoinedStr(values=["
        "FormattedValue(value=Name(id='a', ctx=Load()), conversion=-1, format_spec=JoinedStr("
        "values=[Constant(value='>'), FormattedValue(value=Name(id='b', ctx=Load()), "
        "conversion=-1)]))]))])])"
    )


def test_a_handbook_borrows_only_when_it_is_told_to_and_prefers_its_own(tmp_path, publish):
    handbook = Handbook(settings_at(tmp_path / "book").root)
    lent.fetch(str(publish(ADDS)), [ADDS], handbook.settings)
    assert handbook.record(ADDS) is None
    handbook.borrows = True
    assert handbook.record(ADDS).result.outputs == ["adds.py\n"]
    handbook.forget([])
    records.save(handbook.key(ADDS), Result(outputs=["own\n"]), handbook.settings)
    assert handbook.record(ADDS).result.outputs == ["own\n"]


def test_the_command_fetches_and_the_site_is_published_from_own_records_only(published, handbook):
    done = handbook.command("handbook", "records", str(published.root / "site"))
    assert done.returncode == 0, done.stdout
    assert done.stdout == "2 of 2 programs have a record from there now\n"
    shutil.rmtree(handbook.root / ".handbook" / "records")
    book = Handbook(handbook.root)
    assert not book.runs("zh")
    book.borrows = True
    assert len(book.runs("zh")) == 2
    result = handbook.publish()
    assert result.returncode == 1
    assert (
        "docs/zh/lessons/waves.md:13: this block has not been run. Run make site" in result.stdout
    )


def test_the_command_names_an_unusable_source(handbook):
    done = handbook.command("handbook", "records", "nowhere")
    assert done.returncode == 1
    assert done.stdout.startswith("nowhere:1: there is no such folder. ")
