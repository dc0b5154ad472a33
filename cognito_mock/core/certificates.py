"""A certificate for a signing key, always the same for the same key and time."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

from cognito_mock.core.pools import SigningKey

_LIFE = timedelta(days=3650)


def self_signed_certificate(key: SigningKey, *, name: str, since: float) -> str:
    """Return the DER of an X.509 certificate in base64."""
    # Slow to import, and hardly anybody asks for a certificate.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    private_key = serialization.load_pem_private_key(key.pem.encode(), password=None)
    if not isinstance(private_key, RSAPrivateKey):
        raise TypeError("signing keys are RSA keys")
    start = datetime.fromtimestamp(int(since), UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key.public_key())
        .serial_number(int(since))
        .not_valid_before(start)
        .not_valid_after(start + _LIFE)
        .sign(private_key, hashes.SHA256())
    )
    return b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
