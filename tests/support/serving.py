"""A folder, served on this machine."""

import contextlib
import functools
import http.server
import pathlib
import threading


@contextlib.contextmanager
def serving(folder: pathlib.Path):
    """Serve a folder on this machine; yields its address, without a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
