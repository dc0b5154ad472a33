"""A TLS proxy before the mock, as a load balancer stands before a service.

Its certificate is signed by an authority that lives as long as the proxy. It is no part of the
product: what is tested behind it is that the mock believes ``X-Forwarded-Proto`` and ``-Host``.
"""

import datetime as dt
import http.client
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}  # RFC 9110 §7.6.1


class TlsFront:
    """For a ``with`` block: ``https://NAME`` on 127.0.0.1 at ``port``, forwarded to ``target``.

    ``requests`` has method, host and path of all that passed. Clients that are to check the
    certificate trust ``authority``, a PEM file.
    """

    def __init__(self, target, names, folder: Path):
        self.target = urlsplit(target).netloc
        self.requests = []
        self.authority = folder / "authority.pem"
        chain = folder / "server.pem"
        _write_certificates(names, self.authority, chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        self._server = _TlsServer(("127.0.0.1", 0), self._handler())
        # The handshake is the handler's: a client that never finishes it holds up nobody.
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self._server.server_port

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _handler(front):  # noqa: N805  (the handler's self is another)
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def forward(self):
                host = self.headers["Host"]
                front.requests.append((self.command, host, urlsplit(self.path).path))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {n: v for n, v in self.headers.items() if n.lower() not in _HOP_BY_HOP}
                headers |= {
                    "Host": front.target,
                    "X-Forwarded-Proto": "https",
                    "X-Forwarded-Host": host,
                }
                connection = http.client.HTTPConnection(front.target, timeout=30)
                try:
                    connection.request(self.command, self.path, body, headers)
                    answer = connection.getresponse()
                    content = answer.read()
                finally:
                    connection.close()
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in {*_HOP_BY_HOP, "content-length"}:
                        self.send_header(name, value)
                if answer.status not in {204, 304}:  # RFC 9110 §8.6
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_OPTIONS = forward  # noqa: N815  (http.server's names)

            def log_message(self, *_):
                pass

        return Handler


class _TlsServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        # Browsers open connections that they never use, and try older protocols on them.
        pass


def _write_certificates(names, authority, chain):
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority for a test")])
    root = (
        _certificate(issuer, issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, SHA256())
    )
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    leaf = (
        _certificate(issuer, subject, key.public_key())
        .add_extension(alternatives, critical=False)
        .sign(authority_key, SHA256())
    )
    authority.write_bytes(root.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + leaf.public_bytes(Encoding.PEM))


def _certificate(issuer, subject, key):
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )
