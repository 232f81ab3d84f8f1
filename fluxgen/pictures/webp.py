"""WebP files: a RIFF of chunks, told by a first one what else is in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEAD = b"VP8X"
COLOURS, PIXELS = b"ICCP", frozenset((b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"))
HAS_PROFILE, HAS_ALPHA, HAS_EXIF, HAS_XMP, HAS_FRAMES = 0x20, 0x10, 0x08, 0x04, 0x02
LOSSLESS_ALPHA = 1 << 28


def rewritten(data: bytes, packet: bytes, exif: bytes) -> bytes:
    """The same pixels with this XMP and EXIF, and nothing else. Raises `ValueError`.

    The packet stands before the pixels, so that it is found in the file's beginning.
    """
    chunks = list(_chunks(data))
    pixels = [(name, content) for name, content in chunks if name in PIXELS]
    if not pixels:
        raise ValueError("a WebP without a picture")
    profiles = [content for name, content in chunks if name == COLOURS][:1]
    flags = HAS_XMP | (HAS_PROFILE if profiles else 0) | (HAS_EXIF if exif else 0)
    head = next((content for name, content in chunks if name == HEAD), None)
    if head is None:
        flags, measures = flags | _alpha(*pixels[0]), _measures(*pixels[0])
    else:
        flags, measures = flags | head[0] & (HAS_ALPHA | HAS_FRAMES), head[4:10]
    out = [_chunk(HEAD, struct.pack("<I", flags) + measures)]
    out += [_chunk(COLOURS, profile) for profile in profiles]
    out.append(_chunk(b"XMP ", packet))
    out += [_chunk(name, content) for name, content in pixels]
    if exif:
        out.append(_chunk(b"EXIF", exif))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def xmp(data: bytes) -> bytes | None:
    """The file's XMP packet, if it has one. Raises `ValueError`."""
    return next((content for name, content in _chunks(data) if name == b"XMP "), None)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4)
    at, end = 12, min(len(data), size + 8)
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise ValueError("a WebP that breaks off")
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _measures(name: bytes, content: bytes) -> bytes:
    """Width and height, each less one, in three bytes each."""
    try:
        if name == b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 1)
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        else:
            width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, 6))
    except struct.error:
        raise ValueError("a WebP that breaks off") from None
    return struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]


def _alpha(name: bytes, content: bytes) -> int:
    """Whether a picture without a head is see-through."""
    if name != b"VP8L" or len(content) < 5:
        return 0
    return HAS_ALPHA if struct.unpack_from("<I", content, 1)[0] & LOSSLESS_ALPHA else 0
