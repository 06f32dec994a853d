"""The server's process: imports the packages that it is given, then forks a guard when asked.

Standard input is a socket. Each byte that comes over it brings the end of another socket, over
which the guard reads the request and answers; when it closes, this process ends.
"""

import contextlib
import importlib
import os
import socket
import sys
import warnings

from handbook.sandbox import guard


def main(preload: list[str]) -> None:
    """Import the packages, then serve until the other end closes."""
    control = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # No guard may keep the other end open.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in preload:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    control.send(b"+")
    while True:
        asked, descriptors, *_ = socket.recv_fds(control, 1, 1)
        if not asked:
            return
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        for descriptor in descriptors:
            with contextlib.suppress(OSError):  # No room for a process: whoever asked is told.
                if not os.fork():
                    control.close()
                    guard.main(socket.socket(fileno=descriptor))
            os.close(descriptor)


if __name__ == "__main__":
    main(sys.argv[1:])
