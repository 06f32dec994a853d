"""What `make serve` says before it shows anything."""

import socket

from handbook.publish import serving


def test_a_port_that_is_in_use_is_named(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert serving.serve(tmp_path, port, prose=True) == 1
    assert (
        f"Makefile:1: port {port} cannot be used: Address already in use" in capsys.readouterr().err
    )
