"""A prediction, its life read off the clock, and its document as the provider gives it."""

import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fluxgen.sandbox.replicate_fate import BLOCKED_OPEN, UNKNOWN_STATUS, Fate
from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.replicate_sizes import Size

RETENTION_S = 3600.0
MAX_PREDICTIONS = 20_000
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass
class Prediction:
    """What was asked and when things are due; all times are unix seconds."""

    model: Model
    input: dict[str, Any]
    seed: int
    fate: Fate
    base_url: str
    created_at: float
    starts_at: float
    ends_at: float
    deadline_at: float | None = None
    webhook: str | None = None
    webhook_events: tuple[str, ...] = ()
    size_px: Size = (1024, 1024)
    painted_at: float | None = None
    painting_error: str | None = None
    cancelled_at: float | None = None
    painted: threading.Event = field(default_factory=threading.Event)
    id: str = field(default_factory=lambda: "".join(secrets.choice(_ALPHABET) for _ in range(26)))

    @property
    def count(self) -> int:
        """How many pictures were asked for."""
        return int(self.input.get("num_outputs", 1))

    @property
    def extension(self) -> str:
        """File name ending of the pictures."""
        return self.model.extension(self.input)

    def finishes_at(self) -> float | None:
        """When it ends by itself; None while its pictures are not painted yet."""
        if self.fate.ending == "aborted":
            return self.starts_at
        if self.fate.ending == "failed":
            return self.ends_at
        return None if self.painted_at is None else max(self.ends_at, self.painted_at)

    def completed(self, now: float) -> tuple[str, float] | None:
        """The terminal status and when it was reached; None while it lives."""
        finish = self.finishes_at()
        cuts = [at for at in (self.cancelled_at, self.deadline_at) if at is not None]
        cut = min(cuts, default=math.inf)
        if finish is not None and finish <= min(now, cut):
            return ("failed" if self.painting_error else self.fate.ending), finish
        if cut > now:
            return None
        never_started = cut == self.deadline_at and cut < self.starts_at
        return ("aborted" if never_started else "canceled"), cut

    def status(self, now: float) -> str:
        """The status word at this time."""
        if ended := self.completed(now):
            return ended[0]
        if now < self.starts_at:
            return "starting"
        is_unknown = now < self.starts_at + self.fate.unknown_for_s
        return UNKNOWN_STATUS if is_unknown else "processing"

    def is_removed(self, now: float) -> bool:
        """Whether input, output and logs are gone."""
        ended = self.completed(now)
        if ended is None:
            return False
        return now >= ended[1] + RETENTION_S or (self.fate.is_expired and ended[0] == "succeeded")

    def cancel(self, now: float) -> None:
        """Stop it, unless it has ended already."""
        if self.completed(now) is None:
            self.cancelled_at = now


def document(prediction: Prediction, now: float, base_url: str) -> dict[str, Any]:
    """The prediction as JSON, with addresses below `base_url`."""
    status, ended = prediction.status(now), prediction.completed(now)
    removed = prediction.is_removed(now)
    started = now >= prediction.starts_at and status != "aborted"
    if ended and ended[1] < prediction.starts_at:
        started = False
    api_url = f"{base_url}/v1/predictions/{prediction.id}"
    return {
        "id": prediction.id,
        "model": prediction.model.path,
        "version": prediction.model.version or "hidden",
        "input": {} if removed else prediction.input,
        "logs": "" if removed or not started else _logs(prediction, ended[1] if ended else now),
        "output": None if removed or status != "succeeded" else _output(prediction, base_url),
        "data_removed": removed,
        "error": _error(prediction, status),
        "status": status,
        "source": "api",
        "created_at": iso(prediction.created_at),
        "started_at": iso(prediction.starts_at) if started else None,
        "completed_at": iso(ended[1]) if ended else None,
        "deadline": iso(prediction.deadline_at) if prediction.deadline_at else None,
        "metrics": _metrics(prediction, ended[1], started) if ended else {},
        "urls": {
            "get": api_url,
            "cancel": f"{api_url}/cancel",
            "web": f"{base_url}/p/{prediction.id}",
        },
        "webhook": prediction.webhook,
        "webhook_events_filter": list(prediction.webhook_events),
    }


def as_created(prediction: Prediction, base_url: str) -> dict[str, Any]:
    """The answer to creating it: always `starting`, however fast it may be."""
    return document(prediction, prediction.created_at, base_url) | {
        "status": "starting",
        "error": None,
        "output": None,
        "logs": "",
        "metrics": {},
        "input": prediction.input,
        "data_removed": False,
        "started_at": None,
        "completed_at": None,
    }


def iso(at: float) -> str:
    """Unix seconds as ISO 8601 in UTC, with microseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _error(prediction: Prediction, status: str) -> str | None:
    if status != "failed":
        return None
    return prediction.painting_error or prediction.fate.error or BLOCKED_OPEN


def _metrics(prediction: Prediction, ended_at: float, started: bool) -> dict[str, float]:
    metrics = {"total_time": round(ended_at - prediction.created_at, 6)}
    if started:
        metrics["predict_time"] = round(ended_at - prediction.starts_at, 6)
    return metrics


def _output(prediction: Prediction, base_url: str) -> list[str] | str | None:
    spoilt = prediction.fate.output
    if spoilt == "null":
        return None
    shown = prediction.count - 1 if spoilt == "fewer" else prediction.count
    uris = [
        f"{base_url}/delivery/{prediction.id}/{n}.{prediction.extension}"
        for n in range(0 if spoilt == "empty" else shown)
    ]
    as_list = prediction.model.is_list != (spoilt == "swapped")
    if as_list or not uris:
        return uris
    return uris[0]


def _logs(prediction: Prediction, at: float) -> str:
    """Lines as the models print them; progress in tqdm's shape from open-weights ones only."""
    lines = [f"Using seed: {prediction.seed}"]
    spent, whole = at - prediction.starts_at, prediction.ends_at - prediction.starts_at
    share = min(1.0, spent / whole) if whole > 0 else 1.0
    if prediction.model.is_open:
        steps = prediction.model.steps(prediction.input)
        lines += [_progress_line(n, steps, whole) for n in range(int(share * steps) + 1)]
    else:
        lines.append("Generating image...")
        if share == 1.0 and prediction.fate.ending == "succeeded":
            lines.append(f"Generated image in {whole:.1f}sec")
    return "\n".join(lines) + "\n"


def _progress_line(step: int, steps: int, whole_s: float) -> str:
    per_s = steps / whole_s if whole_s > 0 else float(steps)
    spent_s = step / per_s
    bar = "█" * (10 * step // steps)
    return (
        f"{100 * step // steps:3d}%|{bar:<10}| {step}/{steps} "
        f"[00:{spent_s:02.0f}<00:{max(0.0, whole_s - spent_s):02.0f}, {per_s:5.2f}it/s]"
    )


class Predictions:
    """All predictions, newest last, at most `MAX_PREDICTIONS`; safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: OrderedDict[str, Prediction] = OrderedDict()

    def add(self, prediction: Prediction) -> None:
        """Keep it; the oldest goes when there are too many."""
        with self._lock:
            self._by_id[prediction.id] = prediction
            if len(self._by_id) > MAX_PREDICTIONS:
                self._by_id.popitem(last=False)

    def find(self, prediction_id: str) -> Prediction | None:
        """By id."""
        with self._lock:
            return self._by_id.get(prediction_id)

    def newest_first(self) -> Iterator[Prediction]:
        """A walk over a copy, so that nobody waits."""
        with self._lock:
            copied = list(self._by_id.values())
        return reversed(copied)

    def living(self, now: float) -> int:
        """How many have not ended yet, counted among the newest thousand."""
        recent = [one for one, _ in zip(self.newest_first(), range(1000), strict=False)]
        return sum(one.completed(now) is None for one in recent)
