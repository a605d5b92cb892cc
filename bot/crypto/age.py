"""Files in the format of age (age-encryption.org/v1) with a passphrase, written and read as streams.

`age -d` reads what is written here. Each block of 64 KiB is authenticated with its place and with whether it
is the last, so that what was altered, moved or cut off is noticed.
"""

import binascii
import hmac
import io
import re
import secrets
from base64 import b64decode, b64encode
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.core.respaldo import RespaldoError

_VERSION = b"age-encryption.org/v1"
_BLOCK = 64 * 1024
_TAG = 16
# 128 MiB and half a second for each guess; from somebody else's file no more than age itself takes.
_WORK = 17
_MOST_WORK = 20
_HEADER = re.compile(
    re.escape(_VERSION) + rb"\n-> scrypt ([\w+/]{22}) ([1-9]\d?)\n([\w+/]{43})\n---", re.ASCII
)
_LONGEST_HEADER = 256


class AgeWriter(io.RawIOBase):
    """Encrypts what is written; `finish` writes the last block, without which a file is not whole.

    Args:
        file: where it goes; it is not closed.
        work: the logarithm of scrypt's cost.
    """

    def __init__(self, file: BinaryIO, passphrase: str, work: int = _WORK) -> None:
        self._file = file
        self._pending = bytearray()
        self._count = 0
        key, salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
        wrapped = ChaCha20Poly1305(_stretch(passphrase, salt, work)).encrypt(bytes(12), key, None)
        header = b"%s\n-> scrypt %s %d\n%s\n---" % (_VERSION, _encode(salt), work, _encode(wrapped))
        file.write(header + b" " + _encode(_mac(key, header)) + b"\n" + nonce)
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._pending += view
        while len(self._pending) > _BLOCK:  # a full block waits: it may be the last
            self._block(bytes(self._pending[:_BLOCK]), last=False)
            del self._pending[:_BLOCK]
        return view.nbytes

    def finish(self) -> None:
        """Write the last block."""
        self._block(bytes(self._pending), last=True)
        self._pending.clear()

    def _block(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_place(self._count, last=last), plain, None))
        self._count += 1


class AgeReader(io.RawIOBase):
    """Decrypts what is read; the end is reported only after the last block was seen.

    Raises:
        RespaldoError: when the passphrase is another, or when the file is none of age's, cut or altered.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        key, nonce = _open_header(file, passphrase)
        self._cipher = ChaCha20Poly1305(_derive(key, nonce, b"payload"))
        self._count = 0
        self._plain = memoryview(b"")
        self._next = file.read(_BLOCK + _TAG)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        into = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._plain and not self._ended:
            self._plain = memoryview(self._block())
        size = min(len(into), len(self._plain))
        into[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def _block(self) -> bytes:
        block, self._next = self._next, self._file.read(_BLOCK + _TAG)
        self._ended = not self._next
        try:
            plain = self._cipher.decrypt(_place(self._count, last=self._ended), block, None)
        except InvalidTag:
            how = "incompleto o dañado hacia el final" if self._ended else "dañado"
            raise RespaldoError(f"El respaldo está {how}: usa otra copia o uno anterior.") from None
        self._count += 1
        return plain


def _open_header(file: BinaryIO, passphrase: str) -> tuple[bytes, bytes]:
    """The file's key, and the nonce of what follows."""
    start = file.read(_LONGEST_HEADER)
    found = _HEADER.match(start)
    if not found:
        raise RespaldoError("Ese archivo no es un respaldo de Tributa, o está dañado al comienzo.")
    end = found.end() + 1 + 43 + 1 + 16
    try:
        salt, work, wrapped = _decode(found[1]), int(found[2]), _decode(found[3])
        mac, nonce = _decode(start[found.end() + 1 : end - 17]), start[end - 16 : end]
    except binascii.Error:
        raise RespaldoError("El respaldo está dañado al comienzo: usa otra copia o uno anterior.") from None
    if work > _MOST_WORK:
        raise RespaldoError("Ese respaldo pide más memoria de la que usa Tributa: no lo hizo Tributa.")
    try:
        key = ChaCha20Poly1305(_stretch(passphrase, salt, work)).decrypt(bytes(12), wrapped, None)
    except InvalidTag:
        raise RespaldoError(
            "No pude abrir el respaldo: la frase no es la que se usó al hacerlo (o el comienzo está dañado)."
        ) from None
    if not hmac.compare_digest(mac, _mac(key, found[0])) or len(nonce) < 16:
        raise RespaldoError("El respaldo está dañado al comienzo: usa otra copia o uno anterior.")
    file.seek(end)
    return key, nonce


def _stretch(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=_VERSION + b"/scrypt" + salt, length=32, n=2**work, r=8, p=1).derive(
        passphrase.encode()
    )


def _derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _mac(key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derive(key, b"", b"header"), header, "sha256")


def _place(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _encode(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _decode(data: bytes) -> bytes:
    return b64decode(data + b"=" * (-len(data) % 4), validate=True)
