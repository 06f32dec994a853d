"""Serves the preview on this machine until Ctrl-C."""

import json
import logging
import os
import pathlib
import socket
import threading
import urllib.parse
from collections.abc import Iterable

from mkdocs.livereload import LiveReloadServer

from handbook.languages import LANGUAGES
from handbook.messages import told
from handbook.mistakes import Mistake, show
from handbook.publish.preview import WATCHED, Preview
from handbook.site.markup import PREVIEW

POLL = 0.1  # seconds between two looks at the files
SCRIPT = pathlib.Path(__file__).with_name("programs.js")


class Server(LiveReloadServer):
    """Answers a browser: files of the site, and where the programs of an open page stand."""

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__(preview.update, "127.0.0.1", port, "", polling_interval=POLL)
        self.error_handler = lambda _code: (preview.shown.folder / "404.html").read_bytes()
        for name in WATCHED:
            self.watch(str(preview.root / name))

    @property
    def root(self) -> str:
        """The folder that files are taken from."""
        return str(self.preview.shown.folder)

    @root.setter
    def root(self, _folder: str) -> None:
        """LiveReloadServer sets it once; here it changes with the preview."""

    def serve_request(self, environ, start_response) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path == f"{PREVIEW}programs.js":
            return _answer(start_response, "text/javascript", SCRIPT.read_bytes())
        if path == f"{PREVIEW}programs":
            return _answer(start_response, "application/json", self._states(environ))
        if path.endswith("/"):
            self.preview.shown.write_if_old(path.lstrip("/"))
        return super().serve_request(environ, start_response)

    def _states(self, environ) -> bytes:
        asked = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
        language = asked.get("language", "")[:2]
        keys = asked.get("keys", "").split(",")
        states = self.preview.states(keys, language if language in LANGUAGES else "en")
        return json.dumps(states).encode()


def _answer(start_response, kind: str, content: bytes) -> list[bytes]:
    start_response("200 OK", [("Content-Type", kind), ("Cache-Control", "no-store")])
    return [content]


def serve(root: pathlib.Path, port: int, prose: bool) -> int:
    """Serve a handbook on this machine until Ctrl-C.

    Args:
        root: the handbook's folder.
        port: on this machine only.
        prose: whether nothing runs, and records of the published site fill in.

    Returns:
        The exit status: 1 if there is nothing to show, or the port is not free.
    """
    if reason := _unusable(port):
        what, remedy = (
            f"port {port} cannot be used: {reason}",
            "Take another: make serve PORT=8001.",
        )
        show([Mistake("Makefile", 1, what, remedy)])
        return 1
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    os.chdir(root)
    preview = Preview(root, prose)
    if not preview.start():
        return 1
    server = Server(preview, port)
    threading.Thread(target=preview.prepare, daemon=True).start()
    what = f"{server.url} and {server.url}en/ show what you write (Ctrl-C stops)"
    print(told(what), flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        server.shutdown()
    return 0


def _unusable(port: int) -> str:
    """Why nothing can be served at a port; "" if it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
    return ""
