"""A server that is trusted by its certificate and by nothing else.

Some sites let their certificates run out, or have them signed by nobody that we know. A source may
then name the SHA-256 of the certificate, or of the public key in it, which outlives the
certificate. The pin takes the place of the usual checks; it is not added to them. It is compared
when the handshake is over, in which the server has proved that it holds the key, and before
anything is sent.
"""

import ssl
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class PinError(ssl.SSLError):
    """The certificate is not the pinned one."""


class Pinned(ssl.SSLContext):
    """TLS that accepts one certificate, or one key."""

    pin: str

    def compare(self, connection: ssl.SSLObject | None) -> None:
        """Hold the certificate that a connection has shown against the pin.

        Raises:
            PinError: it is not the pinned one.
        """
        shown = connection.getpeercert(binary_form=True) if connection else None
        if shown is None:
            raise PinError("the server shows no certificate")
        certificate = sha256(shown).hexdigest()
        if self.pin == certificate:
            return
        key = _key_hash(shown)
        if self.pin != key:
            raise PinError(
                f"the certificate is not the pinned one: its SHA-256 is {certificate}, its key's {key}"
            )


def pinned(pin: str) -> Pinned:
    """TLS for a server whose certificate or public key has the SHA-256 `pin`, in hexadecimal digits."""
    context = Pinned(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.pin = pin
    return context


def _key_hash(certificate: bytes) -> str:
    """The SHA-256 of the public key, as `openssl pkey -pubin -outform der | sha256sum` gives it."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    except Exception as error:
        # Whatever is wrong with a certificate that cannot be read: it is not the pinned one.
        raise PinError(f"the certificate cannot be read: {error}") from error
