"""The certificate of a run's own Dask cluster: scheduler, workers and clients show it to each other.

It is made for each run and held in memory; :mod:`posepipe.control.scheduler_file` gives it to ``posepipe watch``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from distributed.security import Security

FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
UNTIL: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""The key ends with the run, so a date adds nothing, and a clock that is set back must not end a run."""


def new_certificate() -> tuple[str, str]:
    """A certificate that signs itself, and its key (P-256), in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "posepipe")])
    public = key.public_key()
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM.replace(tzinfo=None))
        .not_valid_after(UNTIL.replace(tzinfo=None))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("posepipe")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, encipher_only=False, decipher_only=False, **usage
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), secret.decode()


def security(certificate: str, key: str) -> Security:
    """TLS on every connection, for whoever has the key and for nobody else.

    Parameters
    ----------
    certificate, key : str
        In PEM, from :func:`new_certificate`.
    """
    roles = {
        f"tls_{role}_{what}": text
        for role in ("client", "scheduler", "worker")
        for what, text in (("cert", certificate), ("key", key))
    }
    return Security(require_encryption=True, tls_ca_file=certificate, **roles)
