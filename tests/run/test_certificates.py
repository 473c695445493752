"""The certificate of a run's own cluster."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from posepipe.run.certificates import new_certificate, security


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> None:
    """A TLS handshake in memory.

    Raises
    ------
    ssl.SSLError
        One side refuses the other.
    """
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_hostname="posepipe"),
    ]
    for _ in range(4):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    sides[0].write(b"x")
    assert sides[1].read() == b"x"


def contexts(pair: tuple[str, str]) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    made = security(*pair)
    return made.get_listen_args("scheduler")["ssl_context"], made.get_connection_args("client")["ssl_context"]


def test_each_run_has_its_own() -> None:
    assert new_certificate()[1] != new_certificate()[1]


@pytest.mark.parametrize("strict", [False, True])
def test_whoever_has_the_key_is_admitted(strict: bool) -> None:
    server, client = contexts(new_certificate())
    if strict:  # the default from Python 3.13
        for side in (server, client):
            side.verify_flags |= ssl.VERIFY_X509_STRICT
    client.check_hostname = True
    shake_hands(server, client)


def test_nobody_else_is() -> None:
    server, client = contexts(new_certificate())
    _, other = contexts(new_certificate())
    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        shake_hands(server, other)
    without = ssl.create_default_context()
    without.check_hostname, without.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(ssl.SSLError, match="peer did not return a certificate"):
        shake_hands(server, without)
    impostor, _ = contexts(new_certificate())
    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        shake_hands(impostor, client)


def test_a_clock_that_is_set_back_or_forth_ends_no_run() -> None:
    certificate = x509.load_pem_x509_certificate(new_certificate()[0].encode())
    assert certificate.not_valid_before_utc == datetime(2000, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc.year == 9999


def test_connections_without_tls_are_refused_and_the_key_is_in_no_description(tmp_path: Path) -> None:
    certificate, key = new_certificate()
    made = security(certificate, key)
    assert made.require_encryption
    assert key not in repr(made)
