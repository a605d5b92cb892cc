"""The format of age: what others can read, and everything that may happen to a file on its way."""

import io
from base64 import b64decode

import pytest

from bot.core.respaldo import RespaldoError
from bot.crypto.age import AgeReader, AgeWriter

FRASE = "seis palabras al azar aqui"
BLOCK = 64 * 1024
# Made by another program (rage).
FOREIGN = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBQSGxjTXdQVEk0V3BOM3N4azlDVW1nIDE1CmhVSUloVWhLTmR0SlZBUys1"
    "cjFyVXg5Lyt2SHBlNWtqb05WQ0FjNE5oRVkKLS0tIDIwczJwb2tjRGR3WWhnVEE0UnVNTXU1RmNReXZhYlVhVTN1RlBHNEVadkkK"
    "9zKGCuax78znZwZ0/Wr4o+Emhm9/bOBKhrGlmzbOnqHR/3crlO5+LY3rBESdTwc="
)


def written(plain: bytes, piece: int = 7000) -> bytes:
    """Encrypted, written in pieces."""
    file = io.BytesIO()
    writer = AgeWriter(file, FRASE, work=4)
    for start in range(0, len(plain), piece):
        writer.write(plain[start : start + piece])
    writer.finish()
    return file.getvalue()


def read(data: bytes, frase: str = FRASE) -> bytes:
    """Decrypted."""
    return io.BufferedReader(AgeReader(io.BytesIO(data), frase)).read()


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_what_is_written_is_read(size: int) -> None:
    """Whatever its length; and twice the same is not the same file."""
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    assert read(written(plain)) == plain
    assert written(plain) != written(plain)


def test_another_program_wrote_it() -> None:
    """The format is age's, so that a backup can be opened without Tributa."""
    assert read(b64decode(FOREIGN)) == b"hola desde rage"


def test_another_passphrase() -> None:
    """It is told as what it is."""
    with pytest.raises(RespaldoError, match="la frase no es"):
        read(written(b"hola"), "otra frase cualquiera")


def test_whatever_happens_to_a_file_is_noticed() -> None:
    """Cut anywhere (also where a block ends), a byte changed anywhere, blocks swapped, bytes added."""
    plain = bytes(2 * BLOCK + 10)
    data = written(plain)
    start = len(data) - 3 * 16 - len(plain)
    size = BLOCK + 16
    first, second, last = (
        data[start : start + size],
        data[start + size : start + 2 * size],
        data[start + 2 * size :],
    )
    spoiled = [
        *(
            data[:end]
            for end in (0, 10, start - 1, start, start + 1, start + size, start + 2 * size, len(data) - 1)
        ),
        *(
            data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            for at in (0, 30, start - 20, start - 1, start, start + size, len(data) - 1)
        ),
        data[:start] + second + first + last,
        data[:start] + first + last,
        data + b"x",
    ]
    for one in spoiled:
        with pytest.raises(RespaldoError):
            read(one)


def test_a_dear_passphrase_of_a_stranger() -> None:
    """A file that asks for gigabytes is refused before they are taken."""
    with pytest.raises(RespaldoError, match="más memoria"):
        read(written(b"hola").replace(b" 4\n", b" 30\n", 1))
