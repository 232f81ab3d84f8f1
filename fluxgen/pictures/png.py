"""PNG files: chunks of a length, a name, their content and a check sum."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"XML:com.adobe.xmp"
SHOWN_BY = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS")
    + (b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"mDCV", b"cLLI", b"pHYs")
)
"""What the pixels and their colours need; everything else stays behind."""


CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Values a pixel, by colour type."""
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Where each pass of an interlaced picture begins, across and down, and how far it steps."""
STEP_BYTES = 1024 * 1024


def is_whole(data: bytes) -> bool:
    """Whether every row is there: a decoder takes a picture that ends early for a grey one.
    Raises `ValueError` and `struct.error` for what is no PNG."""
    inflating, wanted, found = zlib.decompressobj(), 0, 0
    for name, content in _chunks(data):
        if name == b"IHDR":
            wanted = _size_of_rows(content)
        elif name == b"IDAT":
            found += _inflated(inflating, content, wanted - found)
            if found >= wanted:
                return True
        elif name == b"IEND":
            break
    return False


def _inflated(inflating: Any, content: bytes, enough: int) -> int:
    """How many bytes come of this content, counted no further than needed."""
    found = 0
    while not inflating.eof and found < enough:
        try:
            came = len(inflating.decompress(content, STEP_BYTES))
        except zlib.error:
            return found
        found, content = found + came, inflating.unconsumed_tail
        if not content and came < STEP_BYTES:
            break
    return found


def _size_of_rows(header: bytes) -> int:
    """Bytes of all rows before they are packed, each with its filter."""
    width, height, depth, colour, __, __, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * CHANNELS[colour]
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    size = 0
    for left, top, across, down in passes:
        columns, rows = -(-max(0, width - left) // across), -(-max(0, height - top) // down)
        size += rows * (1 + (columns * bits + 7) // 8) if columns else 0
    return size


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
