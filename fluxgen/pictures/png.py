"""PNG files: chunks of a length, a name, their content and a check sum."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"XML:com.adobe.xmp"
SHOWN_BY = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS")
    + (b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"mDCV", b"cLLI", b"pHYs")
)
"""What the pixels and their colours need; everything else stays behind."""


def rewritten(data: bytes, packet: bytes, exif: bytes) -> bytes:
    """The same pixels with this XMP and EXIF, and nothing else. Raises `ValueError`."""
    out = [SIGNATURE]
    for name, content in _chunks(data):
        if name in SHOWN_BY:
            out.append(_chunk(name, content))
        if name == b"IHDR":
            out.append(_chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + packet))
            if exif:
                out.append(_chunk(b"eXIf", exif))
        if name == b"IEND":
            return b"".join(out)
    raise ValueError("a PNG without its end")


def xmp(data: bytes) -> bytes | None:
    """The file's XMP packet, if it has one that is not compressed. Raises `ValueError`."""
    for name, content in _chunks(data):
        if name == b"iTXt" and content.startswith(KEYWORD + b"\0\0"):
            return content[len(KEYWORD) + 3 :].split(b"\0", 2)[-1]
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        if len(data) - at < 12:
            raise ValueError("a PNG that breaks off")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("a PNG that breaks off")
        yield name, data[at + 8 : end - 4]
        at = end


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checked)
