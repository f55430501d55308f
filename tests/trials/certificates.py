"""Certificates of every kind, made anew for each trial."""

import datetime as dt
import ssl
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS = "*.zoo.example"
DAY = dt.timedelta(days=1)


def make(folder: Path) -> tuple[Mapping[str, Path], ssl.SSLContext]:
    """PEM files by what is right or wrong with them, and a context that trusts who signed the good one."""
    authority = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    root = _sign("authority", authority, authority, "authority", now - DAY, now + DAY, authority=True)
    (folder / "authority.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    made = {
        "good": (HOSTS, authority, now - DAY, now + DAY),
        "expired": (HOSTS, authority, now - 3 * DAY, now - DAY),
        "other": ("other.example", authority, now - DAY, now + DAY),
        "own": (HOSTS, None, now - DAY, now + DAY),
    }
    paths = {}
    for name, (host, signer, start, end) in made.items():
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = "authority" if signer else host
        certificate = _sign(host, key, signer or key, issuer, start, end)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        paths[name] = folder / f"{name}.pem"
        paths[name].write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return paths, ssl.create_default_context(cafile=str(folder / "authority.pem"))


def _sign(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: str,
    start: dt.datetime,
    end: dt.datetime,
    *,
    authority: bool = False,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
