"""EMSA-PKCS1-v1_5 blocks, right and wrong (RFC 8017 §9.2): what a lax RSA verifier lets through.

A block is EM = 00 01 PS 00 T, where T is the DER of DigestInfo. Every mutation here is a whole
block that the session's own key then signs with raw RSA, so the signature itself is genuine.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

SEQUENCE, OID, NULL, OCTETS = 0x30, 0x06, 0x05, 0x04
OIDS: Final = {
    "md5": bytes.fromhex("2a864886f70d0205"),
    "sha1": bytes.fromhex("2b0e03021a"),
    "sha224": bytes.fromhex("608648016503040204"),
    "sha256": bytes.fromhex("608648016503040201"),
    "sha384": bytes.fromhex("608648016503040202"),
    "sha512": bytes.fromhex("608648016503040203"),
}
#: RFC 8017 §9.2 step 4: at least eight octets of padding.
SHORTEST_PADDING: Final = 8
GARBAGE: Final = b"\x05\x00garbage"


@dataclass(frozen=True, slots=True)
class Der:
    """One DER element whose length octets can be made to lie."""

    tag: int
    content: "bytes | tuple[Der, ...]"
    length: Callable[[int], bytes] | None = None
    suffix: bytes = b""

    def encode(self) -> bytes:
        """Return tag, length and content."""
        body = (
            self.content
            if isinstance(self.content, bytes)
            else b"".join(child.encode() for child in self.content)
        )
        octets = self.length(len(body)) if self.length else _length(len(body))
        return bytes([self.tag]) + octets + body + self.suffix


Mutation = Callable[[Der], "tuple[Der, ...]"]


def digest_info(algorithm: str, digest: bytes) -> Der:
    """Return the DigestInfo of RFC 8017 §9.2 note 1."""
    identifier = Der(SEQUENCE, (Der(OID, OIDS[algorithm]), Der(NULL, b"")))
    return Der(SEQUENCE, (identifier, Der(OCTETS, digest)))


#: Where each element of DigestInfo sits: the indexes of its ancestors' children.
NODES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"digest-info": (), "algorithm": (0,), "oid": (0, 0), "null": (0, 1), "digest": (1,)}
)

MUTATIONS: Final[Mapping[str, Mutation]] = MappingProxyType(
    {
        "long-length": lambda node: (replace(node, length=lambda size: bytes([0x81, size])),),
        "padded-length": lambda node: (replace(node, length=lambda size: bytes([0x82, 0, size])),),
        "length-plus-one": lambda node: (replace(node, length=lambda size: _length(size + 1)),),
        "length-minus-one": lambda node: (
            (replace(node, length=lambda size: _length(size - 1)),)
            if _size(node)
            else (replace(node, length=lambda _: b"\x7f"),)
        ),
        "length-huge": lambda node: (replace(node, length=lambda _: b"\x84\xff\xff\xff\xff"),),
        "indefinite-length": lambda node: (
            replace(node, length=lambda _: b"\x80", suffix=b"\x00\x00"),
        ),
        "wrong-tag": lambda node: (replace(node, tag=node.tag ^ 0x01),),
        "context-tag": lambda node: (replace(node, tag=node.tag ^ 0x80),),
        "removed": lambda _: (),
        "doubled": lambda node: (node, node),
        "emptied": lambda node: (
            (replace(node, content=b""),) if _size(node) else (replace(node, content=b"\x00"),)
        ),
        "content-appended": lambda node: (replace(node, content=_body(node) + GARBAGE),),
        "content-prepended": lambda node: (replace(node, content=GARBAGE + _body(node)),),
        "null-appended": lambda node: (node, Der(NULL, b"")),
        "garbage-appended": lambda node: (replace(node, suffix=GARBAGE),),
        "bit-changed": lambda node: (replace(node, content=_flip(_body(node))),),
    }
)


def block(encoded_digest_info: bytes, size: int) -> bytes:
    """Return EM for a key of ``size`` octets: the padding takes what T leaves."""
    padding = size - 3 - len(encoded_digest_info)
    return b"\x00\x01" + b"\xff" * padding + b"\x00" + encoded_digest_info


def correct(message: bytes, size: int, algorithm: str = "sha256") -> bytes:
    """Return the one EM that RFC 8017 §9.2 allows."""
    return block(_info(message, algorithm).encode(), size)


def _der_mutation(mutation: str, node: str) -> Callable[[bytes, int], bytes]:
    def encode(message: bytes, size: int) -> bytes:
        mutated = _rewrite(_info(message, "sha256"), NODES[node], MUTATIONS[mutation])
        return block(b"".join(element.encode() for element in mutated), size)

    return encode


def _rewrite(root: Der, path: tuple[int, ...], mutation: Mutation) -> tuple[Der, ...]:
    if not path:
        return mutation(root)
    if isinstance(root.content, bytes):
        raise TypeError("only constructed elements have children")
    index, *rest = path
    changed = _rewrite(root.content[index], tuple(rest), mutation)
    children = (*root.content[:index], *changed, *root.content[index + 1 :])
    return (replace(root, content=children),)


def _short_padding(message: bytes, size: int) -> bytes:
    # Bleichenbacher 2006 (CVE-2006-4339): the least padding allowed, then whatever fills the block.
    head = b"\x00\x01" + b"\xff" * SHORTEST_PADDING + b"\x00" + correct_info(message)
    return head + b"\xab" * (size - len(head))


def _shifted(message: bytes, size: int, garbage: bytes) -> bytes:
    return block(correct_info(message) + garbage, size)


def _patched(position: int, value: int) -> Callable[[bytes, int], bytes]:
    def encode(message: bytes, size: int) -> bytes:
        em = bytearray(correct(message, size))
        em[position] = value
        return bytes(em)

    return encode


def _hash_named(algorithm: str, *, own_digest: bool) -> Callable[[bytes, int], bytes]:
    def encode(message: bytes, size: int) -> bytes:
        digest = hashlib.new(algorithm if own_digest else "sha256", message).digest()
        return block(digest_info(algorithm, digest).encode(), size)

    return encode


def correct_info(message: bytes) -> bytes:
    """Return T: the DER of the right DigestInfo."""
    return _info(message, "sha256").encode()


_PADDING: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "short-padding": _short_padding,
    "short-padding-zeros": lambda message, size: _short_padding(message, size).replace(
        b"\xab", b"\x00"
    ),
    "seven-padding": lambda message, size: (
        b"\x00\x01" + b"\xff" * 7 + b"\x00" + correct_info(message)
    ).ljust(size, b"\xab"),
    "no-padding": lambda message, size: (b"\x00\x01\x00" + correct_info(message)).ljust(
        size, b"\xab"
    ),
    "garbage-after": lambda message, size: _shifted(message, size, b"\xde\xad\xbe\xef"),
    "zero-after": lambda message, size: _shifted(message, size, b"\x00"),
    "zero-in-padding": _patched(100, 0x00),
    "padding-not-ff": _patched(100, 0xFE),
    "first-padding-not-ff": _patched(2, 0xFE),
    "block-type-0": _patched(1, 0x00),
    "block-type-2": _patched(1, 0x02),
    "leading-not-zero": _patched(0, 0x01),
    "separator-not-zero": lambda message, size: _patched(
        size - len(correct_info(message)) - 1, 0x01
    )(message, size),
    "separator-ff": lambda message, size: _patched(size - len(correct_info(message)) - 1, 0xFF)(
        message, size
    ),
    "all-ff": lambda _, size: b"\x00" + b"\xff" * (size - 1),
}
_HASH: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    **{f"hash-{name}": _hash_named(name, own_digest=True) for name in OIDS if name != "sha256"},
    **{f"named-{name}": _hash_named(name, own_digest=False) for name in OIDS if name != "sha256"},
    "no-hash": lambda message, size: block(hashlib.sha256(message).digest(), size),
    "no-hash-octets": lambda message, size: block(
        Der(OCTETS, hashlib.sha256(message).digest()).encode(), size
    ),
    "no-hash-message": lambda message, size: block(message[: size - 11], size),
    "missing-null": _der_mutation("removed", "null"),
    "other-message": lambda message, size: correct(message + b"x", size),
}
#: Mutations that would make the same block as another one does.
_COINCIDENT: Final = frozenset(
    {
        "removed-null",  # has a name of its own: Wycheproof calls it acceptable
        "doubled-null",
        "null-appended-null",
        "content-prepended-null",
        "garbage-appended-null",
        "garbage-appended-digest",
    }
)
_DER: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    f"der-{mutation}-{node}": _der_mutation(mutation, node)
    for node in NODES
    for mutation in MUTATIONS
    if f"{mutation}-{node}" not in _COINCIDENT
}

#: Every block the forge can build, by name: (message, key size in octets) -> EM.
ENCODERS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = MappingProxyType(
    {"correct": correct, **_PADDING, **_HASH, **_DER}
)


def _info(message: bytes, algorithm: str) -> Der:
    return digest_info(algorithm, hashlib.new(algorithm, message).digest())


def _body(node: Der) -> bytes:
    if isinstance(node.content, bytes):
        return node.content
    return b"".join(child.encode() for child in node.content)


def _size(node: Der) -> int:
    return len(_body(node))


def _flip(body: bytes) -> bytes:
    if not body:
        return b"\x01"
    third = len(body) // 3  # another octet for every element, so that no two mutations coincide
    return body[:third] + bytes([body[third] ^ 0x04]) + body[third + 1 :]


def _length(size: int) -> bytes:
    if size < 0x80:  # noqa: PLR2004  (DER's short form)
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets
