"""PDFs that mean harm, or are none: each small, made from bytes when it is needed."""

import io
import zlib
from collections.abc import Callable

import pypdf
from PIL import Image

from tests.rag import pdfs

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
type Make = Callable[[], bytes]


def raw(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(body))
    return body + head + end


def packed(content: bytes, times: int = 1) -> bytes:
    """Something compressed, over and over, without ever being that large here."""
    packer = zlib.compressobj(9)
    first = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + first[2:] * (times - 1) + b"\x03\x00"


def stream(content: bytes, more: bytes = b"", times: int = 1, filters: bytes = b"/FlateDecode") -> bytes:
    """A compressed stream of a content, so many times."""
    body = packed(content, times)
    return b"<< /Filter %s /Length %d %s >>\nstream\n%s\nendstream" % (filters, len(body), more, body)


def page(
    content: bytes, *objects: bytes, resources: bytes = b"", box: bytes = b"0 0 595 842", more: bytes = b""
) -> bytes:
    """One page: its content is object 4, the font F is 5, further objects follow from 6."""
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % more,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> %s >> >>" % (box, resources),
        content,
        FONT,
        *objects,
    )


HELLO = b"BT /F 12 Tf 72 700 Td (La renta mensual es de $450.000) Tj ET\n"


def image(
    width: int, height: int, space: bytes = b"/DeviceRGB", data: bytes = b"\0" * 1000, times: int = 1
) -> bytes:
    """A page that an image of any claimed size covers."""
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent 8"
    content = stream(data, head % (width, height, space), times)
    return page(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), content, resources=b"/XObject << /I 6 0 R >>")


def encrypted(algorithm: str, user: str = "secreta") -> bytes:
    """A contract with a password."""
    writer = pypdf.PdfWriter(io.BytesIO(pdfs.plain()))
    writer.encrypt(user, "otra", algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def unknown_handler() -> bytes:
    """Encrypted by something that no reader knows."""
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        trailer=b"/Encrypt << /Filter /Acme /V 1 /R 2 /O (x) /U (y) /P -4 >> /ID [(a) (b)]",
    )


def many_pages(count: int = 5000) -> bytes:
    """As many pages as it says, all the same."""
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )


def tree(pages: bytes) -> bytes:
    """A page tree of one's own."""
    return raw(b"<< /Type /Catalog /Pages 2 0 R >>", pages)


def forms(levels: int = 10, times: int = 10) -> bytes:
    """Forms that draw forms that draw forms: ten thousand million letters in a few bytes."""
    head = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        b" /Resources << /Font << /F 5 0 R >> /XObject << /X %d 0 R >> >>"
    )
    found = [stream(b"/X Do\n" * times, head % (number + 7)) for number in range(levels)]
    return page(stream(b"/X Do"), *found, stream(HELLO, head % 5), resources=b"/XObject << /X 6 0 R >>")


def itself() -> bytes:
    """A form that draws itself."""
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >>"
    return page(stream(b"/X Do"), stream(b"/X Do", head), resources=b"/XObject << /X 6 0 R >>")


def twice_packed(megabytes: int = 500) -> bytes:
    """Spaces, compressed twice: thousands to one."""
    return page(stream(packed(b" " * 2**20, megabytes), filters=b"[/FlateDecode /FlateDecode]"))


def tiling() -> bytes:
    """A pattern of a millionth of a point."""
    head = (
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001"
        b" /Resources << >>"
    )
    drawn = b"/Pattern cs /P scn 0 0 595 842 re f"
    return page(stream(drawn), stream(b"0 0 1 1 re f", head), resources=b"/Pattern << /P 6 0 R >>")


def picture(shade: Callable[[tuple[int, int]], Image.Image]) -> bytes:
    """A page that is nothing but a picture."""
    return pdfs.drawn(pdfs.picture(shade((600, 800)), 200))


def looped() -> bytes:
    """Its table of objects says that the one before it is itself."""
    whole = page(stream(HELLO))
    start = whole.rindex(b"startxref")
    offset = whole[start:].split()[1]
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + offset)


ELSE: dict[str, tuple[Make, str]] = {
    "vacio": (lambda: b"", "vacío"),
    "ceros": (lambda: b"\0" * 5000, "vacío"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0" + b"x" * 100, "imagen"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, "imagen"),
    "word": (lambda: b"PK\x03\x04" + b"x" * 100, "Word"),
    "word_antiguo": (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "antiguo"),
    "pagina_web": (lambda: b"<!DOCTYPE html><p>contrato.pdf", "página web"),
    "texto": ("Contrato de arriendo, año 2026".encode, "texto"),
    "comprimido": (lambda: b"\x1f\x8b\x08" + b"x" * 100, "comprimido"),
    "programa": (lambda: b"MZ\x90\0" + b"x" * 100, "programa"),
    "postscript": (lambda: b"%!PS-Adobe-3.0\n", "PostScript"),
    "desconocido": (lambda: b"\1\2\0\4" * 100, "no conozco"),
}
ENCRYPTED: dict[str, Make] = {
    "aes_256": lambda: encrypted("AES-256"),
    "aes_128": lambda: encrypted("AES-128"),
    "rc4_128": lambda: encrypted("RC4-128"),
    "rc4_40": lambda: encrypted("RC4-40"),
    "desconocida": unknown_handler,
}
DAMAGED: dict[str, Make] = {
    "mitad": lambda: pdfs.plain(3)[: len(pdfs.plain(3)) // 2],
    "sin_final": lambda: pdfs.plain()[:-100],
    "solo_cabeza": lambda: b"%PDF-1.7\n",
    "basura": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF",
    "sin_paginas": lambda: tree(b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "sin_catalogo": lambda: raw(b"(nada)"),
    "hijos_en_circulo": lambda: tree(b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "miente_que_tiene": lambda: tree(b"<< /Type /Pages /Kids [] /Count 2 >>"),
    "catalogo_ajeno": lambda: raw(b"<< /Type /Catalog /Pages 9 0 R >>"),
}
TOO_MANY: dict[str, Make] = {
    "cinco_mil": many_pages,
    "trescientas_una": lambda: many_pages(301),
}
BOMBS: dict[str, Make] = {
    "flate_doble": twice_packed,
    "operadores": lambda: page(stream(b"BT /F 9 Tf 9 9 Td (a) Tj ET\n" * 2_000, times=1_000)),
    "trazos": lambda: page(stream(b"0 0 m 9 9 l S\n" * 6_000, times=1_000)),
    "letras": lambda: page(stream(b"BT /F 9 Tf 9 9 Td " + b"(abcdefghij) Tj " * 20_000 + b"ET")),
    "formas_anidadas": forms,
    "mosaico": tiling,
    "imagen_gris": lambda: image(26_000, 26_000, b"/DeviceGray", data=b"\0" * 26_000, times=26_000),
}
EMPTY: dict[str, Make] = {
    "en_blanco": lambda: page(stream(b"")),
    "blanca": lambda: picture(lambda size: Image.new("L", size, 255)),
    "negra": lambda: picture(lambda size: Image.new("L", size, 0)),
    "ruido": lambda: picture(lambda size: Image.effect_noise(size, 80)),
    "solo_rayas": lambda: page(stream(b"9 w 50 50 m 150 180 l S"), box=b"0 0 200 200"),
    "forma_en_si_misma": itself,
    "imagen_enorme": lambda: image(30_000, 30_000),
    "imagen_falsa": lambda: image(2**31 - 1, 2**31 - 1),
    "corchetes": lambda: page(stream(b"[" * 2_000_000)),
    "solo_blanco_sobre_blanco": lambda: page(stream(b"1 g " + HELLO)),
}
DRAWN = {"ruido", "solo_rayas"}
HARMLESS: dict[str, Make] = {
    "script": lambda: page(stream(HELLO), more=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    "lanza": lambda: page(stream(HELLO), more=b"/OpenAction << /S /Launch /F (/bin/sh) >>"),
    "envia": lambda: page(stream(HELLO), more=b"/OpenAction << /S /URI /URI (http://127.0.0.1:1/) >>"),
    "adjunto": lambda: page(
        stream(HELLO),
        b"<< /Type /Filespec /F (x.exe) /EF << /F 7 0 R >> >>",
        stream(b"MZ" * 1000, b"/Type /EmbeddedFile"),
        more=b"/Names << /EmbeddedFiles << /Names [(x.exe) 6 0 R] >> >>",
    ),
    "xfa": lambda: page(stream(HELLO), stream(b"<xdp/>"), more=b"/AcroForm << /XFA 6 0 R /Fields [] >>"),
    "solo_dueno": lambda: encrypted("AES-256", user=""),
    "tabla_en_circulo": looped,
    "tabla_mala": lambda: page(stream(HELLO)).replace(b"startxref\n", b"startxref\n9"),
    "basura_delante": lambda: b"HTTP/1.1 200 OK\r\n\r\n" + page(stream(HELLO)),
    "hoja_enorme": lambda: page(stream(HELLO), box=b"0 0 14000 14000"),
    "arreglo_hondo": lambda: page(stream(HELLO), b"[" * 50_000 + b"]" * 50_000),
    "corchetes_abiertos": lambda: page(stream(HELLO + b"[" * 1000)),
}
