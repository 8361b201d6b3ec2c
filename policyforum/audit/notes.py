"""Tree heads as signed notes: a few lines of text that anybody can keep, mail or print.

The format is the checkpoint of C2SP (https://c2sp.org/tlog-checkpoint) in a signed note
(https://c2sp.org/signed-note), so that tools made for transparency logs read it too:

    kebijakan.bandung.go.id          whose record
    1843                             how many entries
    qINS1GRFhWHwdkUeqLEoP4yEMkTB…=   the root over them, base64
    2026-11-26T21:00:00.000000Z      when it was made (an extension line)

    — kebijakan.bandung.go.id 5jXh…  the signature (Ed25519), base64 after four bytes of key id
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from policyforum.audit.chain import timestamp

ED25519 = b"\x01"  # the signature type of signed notes
NOTE = re.compile(
    r"^(?P<origin>\S+)\n"
    r"(?P<size>[1-9][0-9]{0,17})\n"
    r"(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\n"
    r"\n"
    r"— (?P<name>\S+) (?P<signature>[A-Za-z0-9+/]{91}=)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class TreeHead:
    """`size` entries have this `root` (32 bytes); said at `at` by whoever runs `origin`."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def body(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"{self.origin}\n{self.size}\n{root}\n{timestamp(self.at)}\n"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its signature: 4 bytes of key id, 64 of Ed25519."""

    head: TreeHead
    signature: bytes

    @property
    def note(self) -> str:
        """The text that is kept, mailed and shown."""
        signature = base64.b64encode(self.signature).decode("ascii")
        return f"{self.head.body}\n— {self.head.origin} {signature}\n"

    def is_signed_by(self, key: bytes) -> bool:
        """Whether the public key (32 bytes) made the signature."""
        if self.signature[:4] != key_id(self.head.origin, key):
            return False
        try:
            signed = self.head.body.encode("utf-8")
            Ed25519PublicKey.from_public_bytes(key).verify(self.signature[4:], signed)
        except InvalidSignature:
            return False
        return True


def sign(head: TreeHead, key: Ed25519PrivateKey) -> SignedHead:
    """Ed25519 gives the same signature for the same head each time."""
    public = key.public_key().public_bytes_raw()
    return SignedHead(head, key_id(head.origin, public) + key.sign(head.body.encode("utf-8")))


def signing_key(secret: str) -> Ed25519PrivateKey:
    """The key made from a secret text of at least 32 random characters."""
    derive = HKDF(SHA256(), length=32, salt=None, info=b"policyforum tree heads")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(secret.encode("utf-8")))


def key_id(name: str, key: bytes) -> bytes:
    """The four bytes a signed note names its key by."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + ED25519 + key).digest()[:4]


def verifier_key(name: str, key: bytes) -> str:
    """The public key as other programs take it: name, id and key in one word."""
    public = base64.b64encode(ED25519 + key).decode("ascii")
    return f"{name}+{key_id(name, key).hex()}+{public}"


def notes_in(text: str) -> Iterator[SignedHead]:
    """Every note in a text, such as saved mails: quoted, indented, with words around."""
    lines = (line.strip().lstrip("> ") for line in text.splitlines())
    for found in NOTE.finditer("\n".join(lines)):
        try:
            at = datetime.fromisoformat(found["at"])
            root = base64.b64decode(found["root"], validate=True)
            signature = base64.b64decode(found["signature"], validate=True)
        except (ValueError, binascii.Error):
            continue
        yield SignedHead(TreeHead(found["origin"], int(found["size"]), root, at), signature)
