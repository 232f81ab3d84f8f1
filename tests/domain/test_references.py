"""A reference image is drawn anew: upright, in plain colours, small enough, and nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from fluxgen import references
from fluxgen.errors import Refused
from tests.support import photographs
from tests.support.photographs import encoded, is_red, photograph, read, scene


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_only_pixels_go_on(format: str) -> None:
    given = photograph(format)
    assert photographs.PLACE.encode() in given
    drawn = references.redrawn(given)
    picture = read(drawn)
    assert photographs.PLACE.encode() not in drawn
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (640, 480))
    assert not picture.getexif()
    assert b"Exif" not in drawn and b"GPS" not in drawn
    assert is_red(picture, (0.2, 0.2)) and not is_red(picture, (0.8, 0.8))


def test_a_comment_and_a_profile_stay_behind() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kinds: tuple[dict[str, Any], ...] = (
        {"comment": b"the secret comment"},
        {"icc_profile": profile},
    )
    for more in kinds:
        drawn = references.redrawn(photograph("JPEG", **more))
        assert b"secret comment" not in drawn
        assert b"ICC_PROFILE" not in drawn
    assert set(read(drawn).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_it_stands_upright(orientation: int) -> None:
    turned = {3: Pillow.Transpose.ROTATE_180, 6: Pillow.Transpose.ROTATE_90}
    back = turned.get(orientation, Pillow.Transpose.ROTATE_270)
    given = encoded(scene().transpose(back), "JPEG", exif=photographs.exif(orientation))
    picture = read(references.redrawn(given))
    assert picture.size == (640, 480)
    assert is_red(picture, (0.2, 0.2)) and not is_red(picture, (0.8, 0.8))


def test_what_printers_and_scanners_make_becomes_plain_colour() -> None:
    cmyk = read(references.redrawn(encoded(scene(mode="CMYK"), "JPEG")))
    assert cmyk.mode == "RGB" and is_red(cmyk, (0.2, 0.2))
    deep = Pillow.new("I;16", (64, 64), 65535 // 2)
    grey = read(references.redrawn(encoded(deep, "PNG"))).convert("RGB").getpixel((5, 5))
    assert isinstance(grey, tuple) and all(abs(value - 127) < 3 for value in grey)


def test_what_can_be_seen_through_lies_on_white() -> None:
    for picture in (Pillow.new("RGBA", (64, 64), (0, 0, 0, 0)), Pillow.new("LA", (64, 64), (0, 0))):
        drawn = read(references.redrawn(encoded(picture, "PNG")))
        found = drawn.getpixel((30, 30))
        assert isinstance(found, tuple) and min(found) > 250


def test_a_large_one_is_made_smaller() -> None:
    drawn = read(references.redrawn(encoded(scene((4800, 3600)), "JPEG")))
    assert max(drawn.size) == references.SIDE_MAX_PX
    small = read(references.redrawn(encoded(scene((2000, 2000)), "PNG"), megapixels_max=1.0))
    assert small.width * small.height <= 1_000_000


def test_a_photograph_with_its_depth_or_clip_behind_it_is_taken() -> None:
    depth = encoded(scene((64, 48)), "JPEG")
    for behind in (depth, b"\0\0\0\x18ftypmp42" + b"\0" * 64, b"\0\0\x01\x0aImage_UTC_SEFT"):
        assert is_red(read(references.redrawn(photograph("JPEG") + behind)), (0.2, 0.2))
    several = encoded(scene(), "MPO", save_all=True, append_images=[scene((64, 48))])
    assert is_red(read(references.redrawn(several)), (0.2, 0.2))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_is_also_something_else_is_refused(format: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parcel:
        parcel.writestr("run.sh", "echo")
    for behind in (archive.getvalue(), b"%PDF-1.7 ...", b"<script>alert(1)</script>"):
        with pytest.raises(Refused, match="something else behind"):
            references.redrawn(photograph(format) + behind)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_ends_too_early_is_refused(format: str) -> None:
    given = photograph(format)
    for length in (1, 12, 40, len(given) // 2, len(given) - 12, len(given) - 1):
        with pytest.raises(Refused, match="not a whole"):
            references.redrawn(given[:length])
