"""A reference image before it is handed over: what it really is, drawn anew in memory.

Only pixels go on. Whatever rode along (EXIF with its places, comments, profiles, other
files) stays behind. A picture is refused when anything follows its end, except what cameras
put behind a JPEG: another JPEG, a clip, Samsung's trailer. That is not read either.
"""

from __future__ import annotations

import io
import math
import struct

from PIL import Image as Pillow
from PIL import ImageCms

from fluxgen import pictures
from fluxgen.errors import NeverWill, Refused
from fluxgen.words import N_, _

FIELD = "reference"
SIZE_MAX_BYTES = 4 * 1024 * 1024
SIDE_MAX_PX = 2048
MEGAPIXELS_MAX = 4.0
QUALITY = 92
CONTENT_TYPE = "image/jpeg"
WHITE = (255, 255, 255)

NOT_A_PICTURE = N_("That is not a whole PNG, JPEG or WebP picture. Choose another file.")
EMPTY = N_("That file is empty. Choose another one.")
TOO_HEAVY = N_("That picture has more than 4 MB. Make it smaller, or choose another one.")
TOO_MANY_PIXELS = N_("That picture has more than 25 megapixels. Make it smaller first.")
MOVES = N_("That picture moves. Choose one that stands still.")
MORE_INSIDE = N_("There is something else behind the picture in that file. Save it anew first.")


def redrawn(
    data: bytes, *, megapixels_max: float = MEGAPIXELS_MAX, size_max_bytes: int = SIZE_MAX_BYTES
) -> bytes:
    """The picture as an upright 8-bit sRGB JPEG, without anything else, and not too large.

    Raises `Refused` at `reference`.
    """
    if not data:
        raise Refused(_(EMPTY), FIELD)
    if len(data) > size_max_bytes:
        raise Refused(_(TOO_HEAVY), FIELD)
    opened = _opened(data)
    _refuse_company(data, str(opened.format))
    clean = _smaller(_flat(pictures.upright(opened)), megapixels_max)
    clean = _in_srgb(clean, opened.info.get("icc_profile"))
    clean.info.clear()  # a comment would be written again
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


def _opened(data: bytes) -> Pillow.Image:
    try:
        opened = pictures.opened(data, enough_px=SIDE_MAX_PX)
    except NeverWill as refusal:
        words = _(TOO_MANY_PIXELS if refusal.reason == "too_large" else NOT_A_PICTURE)
        raise Refused(words, FIELD) from None
    # a JPEG with several pictures in it is a photograph with its depth or its brightness
    if opened.format in {"PNG", "WEBP"} and getattr(opened, "is_animated", False):
        raise Refused(_(MOVES), FIELD)
    return opened


def _flat(picture: Pillow.Image) -> Pillow.Image:
    """8 bits a channel, nothing to see through: RGB, or CMYK until its profile is known."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        paper = Pillow.new("RGBA", seen.size, WHITE)
        return Pillow.alpha_composite(paper, seen).convert("RGB")
    return picture if picture.mode == "CMYK" else picture.convert("RGB")


def size_within(width: int, height: int, megapixels_max: float) -> tuple[int, int]:
    """Width and height (pixels) within the side and the area that are of use; never enlarged."""
    by_area = math.sqrt(megapixels_max * 1_000_000 / (width * height))
    factor = min(1.0, SIDE_MAX_PX / max(width, height), by_area)
    if factor == 1.0:
        return width, height
    return max(1, int(width * factor)), max(1, int(height * factor))


def _smaller(picture: Pillow.Image, megapixels_max: float) -> Pillow.Image:
    size = size_within(*picture.size, megapixels_max)
    if size == picture.size:
        return picture.copy()
    return picture.resize(size, Pillow.Resampling.LANCZOS)


def _in_srgb(picture: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    """In the colours that everybody means; a profile that cannot be read says nothing."""
    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, meant, srgb, outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, *pictures.BROKEN):
            pass
    return picture.convert("RGB")


def _refuse_company(data: bytes, format: str) -> None:
    """Refuse a file that ends before its picture does, or goes on after it with something else."""
    try:
        end = {"PNG": _end_of_png, "WEBP": _end_of_webp}.get(format, _end_of_jpeg)(data)
    except (struct.error, IndexError):
        end = len(data) + 1
    if end > len(data):
        raise Refused(_(NOT_A_PICTURE), FIELD)
    behind = data[end:].strip(b"\0\r\n ")
    if behind and (format in {"PNG", "WEBP"} or not _is_a_cameras(behind)):
        raise Refused(_(MORE_INSIDE), FIELD)


def _is_a_cameras(behind: bytes) -> bool:
    is_clip = behind[4:8] == b"ftyp" or behind[1:5] == b"ftyp"  # its zeros may be stripped
    return behind.startswith(b"\xff\xd8\xff") or is_clip or behind.endswith(b"SEFT")


def _end_of_png(data: bytes) -> int:
    place, name = 8, b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", data, place)
        name = data[place + 4 : place + 8]
        place += 12 + length
    return place


def _end_of_webp(data: bytes) -> int:
    (length,) = struct.unpack_from("<I", data, 4)
    return int(length) + 8


def _end_of_jpeg(data: bytes) -> int:
    """Where the first picture ends. Segments are stepped over by their length; between them
    lies the picture's own code, in which a marker's 0xFF is never followed by 0 or a restart."""
    place = 2
    while (place := data.find(b"\xff", place)) >= 0:
        marker = data[place + 1]
        if marker == 0xD9:
            return place + 2
        if marker in {0x00, 0x01} or 0xD0 <= marker <= 0xD7:
            place += 2
        elif marker == 0xFF:
            place += 1
        else:
            (length,) = struct.unpack_from(">H", data, place + 2)
            place += 2 + length
    return len(data) + 1
