"""A folder, served on this machine."""

import contextlib
import functools
import http.server
import pathlib
import threading


@contextlib.contextmanager
def serving(folder: pathlib.Path, missing: pathlib.Path | None = None):
    """Serve a folder on this machine; yields its address, without a slash at the end.

    Args:
        folder: what is served.
        missing: the page that is shown for what is not there, as hosts of sites do.
    """

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def send_error(self, code, *others):
            if not missing or code != 404:
                return super().send_error(code, *others)
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(missing.read_bytes())

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
