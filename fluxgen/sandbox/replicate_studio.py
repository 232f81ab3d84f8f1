"""Paints the pictures of predictions in the background and keeps the finished files."""

import hashlib
import io
import logging
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from fluxgen.sandbox.painting import Painter
from fluxgen.sandbox.painting_over import edited, enlarged
from fluxgen.sandbox.replicate_predictions import Prediction

log = logging.getLogger(__name__)

PAINTERS = 2
MAX_KEPT_BYTES = 128 * 1024 * 1024
MAX_PAINTED_PX = 2112 * 2112
HUGE_SIDE_PX = 30_000
MIME_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
_WEB_PAGE = b"<!doctype html><title>Just a moment...</title><p>Checking your browser.</p>"

References = Callable[[Prediction], list[Image.Image]]


class Studio:
    """Paints on `PAINTERS` threads; what was forgotten is painted again when asked for."""

    def __init__(self, painter: Painter, references: References, now: Callable[[], float]) -> None:
        self._painter = painter
        self._references = references
        self._now = now
        self._pool = ThreadPoolExecutor(PAINTERS, thread_name_prefix="sandbox-painter")
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._kept_bytes = 0

    def begin(self, prediction: Prediction, *, at_once: bool) -> None:
        """Paint all pictures: in the background, or before returning."""
        if prediction.fate.ending != "succeeded":
            return
        if at_once:
            self._paint_all(prediction)
        else:
            self._pool.submit(self._paint_all, prediction)

    def file(self, prediction: Prediction, n: int) -> bytes:
        """The bytes of one output file, spoilt if the prediction's fate says so."""
        match prediction.fate.files:
            case "page":
                return _WEB_PAGE
            case "huge":
                return png_of_declared_size(HUGE_SIDE_PX, HUGE_SIDE_PX)
            case "truncated":
                whole = self._picture(prediction, n)
                return whole[: len(whole) * 2 // 3]
        return self._picture(prediction, n)

    def forget(self) -> None:
        """Keep no finished files; they will be painted again."""
        with self._lock:
            self._kept.clear()
            self._kept_bytes = 0

    def close(self) -> None:
        """Paint nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _paint_all(self, prediction: Prediction) -> None:
        try:
            for n in range(prediction.count):
                if prediction.completed(self._now()):
                    break
                self._picture(prediction, n)
        except Exception as failure:
            log.warning("a picture could not be painted", exc_info=True)
            prediction.painting_error = str(failure)
        prediction.painted_at = self._now()
        prediction.painted.set()

    def _picture(self, prediction: Prediction, n: int) -> bytes:
        key = (prediction.id, n)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        painted = self._paint(prediction, n)
        with self._lock:
            if key not in self._kept:
                self._keep(key, painted)
        return painted

    def _keep(self, key: tuple[str, int], painted: bytes) -> None:
        self._kept[key] = painted
        self._kept_bytes += len(painted)
        while self._kept_bytes > MAX_KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])

    def _paint(self, prediction: Prediction, n: int) -> bytes:
        model, references = prediction.model, self._references(prediction)
        if model.enlarges:
            picture = enlarged(references, prediction.size_px)
        elif model.edits and references:
            picture = edited(references[0], self._from_words(prediction, n, ()))
        else:
            picture = self._from_words(prediction, n, references)
        quality = int(prediction.input.get("output_quality", 80))
        return encoded(picture, prediction.extension, quality)

    def _from_words(
        self, prediction: Prediction, n: int, references: Sequence[Image.Image]
    ) -> Image.Image:
        """What is larger than `MAX_PAINTED_PX` is painted smaller and enlarged.

        A painter that paints small on purpose is left alone.
        """
        width, height = prediction.size_px
        shrink = min(1.0, (MAX_PAINTED_PX / (width * height)) ** 0.5)
        size = round(width * shrink), round(height * shrink)
        painted = self._painter(
            str(prediction.input["prompt"]),
            prediction.model.name,
            *size,
            seed_of(prediction.seed, n),
            references,
        )
        return enlarged([painted], prediction.size_px) if painted.size == size else painted


def seed_of(seed: int, n: int) -> int:
    """The seed of the n-th picture of a prediction; the first one has the seed itself."""
    if n == 0:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed}/{n}".encode()).digest()[:4])


def encoded(picture: Image.Image, extension: str, quality: int) -> bytes:
    """The picture as a file of the asked format and quality (0 to 100)."""
    target = io.BytesIO()
    match extension:
        case "png":
            picture.save(target, "PNG", compress_level=3)
        case "jpg":
            picture.save(target, "JPEG", quality=max(1, min(95, quality)))
        case _:
            picture.save(target, "WEBP", quality=quality, method=2)
    return target.getvalue()


def png_of_declared_size(width: int, height: int) -> bytes:
    """A small PNG that says it is huge: a picture bomb for decoders that trust headers."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1 + 3 * width))
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
