"""A generation as its card shows it: rows turned into words, numbers and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from fluxgen import catalogue, clock, generations
from fluxgen.generations import derivation
from fluxgen.models import Generation, Image, Status
from fluxgen.partials import wording
from fluxgen.partials.picture_view import PictureView, picture_view
from fluxgen.partials.ratios import RATIOS, nearest_ratio, ratio_class
from fluxgen.words import _

PROGRESS_MAX = 95
STORING_PROGRESS = 97
LATE_AFTER_S = 45

PHASES = {
    Status.HELD: "waiting",
    Status.SUBMITTING: "waiting",
    Status.RUNNING: "developing",
    Status.STORING: "storing",
    Status.DONE: "done",
    Status.FAILED: "ended",
    Status.CANCELLED: "ended",
    Status.EXPIRED: "ended",
}


@dataclass(frozen=True)
class Card:
    """What a card needs; times are seconds, prices are credits."""

    generation: Generation
    pictures: list[PictureView] = field(default_factory=list)
    ahead: int = 0
    is_new: bool = False
    has_rerun: bool = False
    original: Image | None = None
    notice: str = ""

    @property
    def public_id(self) -> str:
        return str(self.generation.public_id)

    @property
    def number(self) -> int:
        return int(self.generation.number)

    @property
    def status(self) -> str:
        return str(self.generation.status.value)

    @property
    def phase(self) -> str:
        if self.generation.status is Status.RUNNING and not self.generation.run_started_at:
            return "waiting"
        return PHASES[self.generation.status]

    @property
    def is_finished(self) -> bool:
        return bool(self.generation.is_finished)

    @property
    def prompt(self) -> str:
        return str(self.generation.prompt)

    @property
    def model_title(self) -> str:
        return self._model.title if self._model else str(self.generation.model)

    @property
    def notch(self) -> str:
        return self._model.notch if self._model else "pro"

    @property
    def _model(self) -> catalogue.ImageModel | None:
        """Gone from the catalogue, a model still has its name on old pictures."""
        return catalogue.find(self.generation.model)

    @property
    def tier_title(self) -> str:
        return catalogue.tier_title(self.generation.tier)

    @property
    def aspect_ratio(self) -> str:
        return str(self.generation.aspect_ratio)

    @property
    def ratio_class(self) -> str:
        """Its shape in the style sheet; "as the original" is the nearest to the picture itself."""
        if self.aspect_ratio != catalogue.MATCH:
            return ratio_class(self.aspect_ratio)
        like = self.pictures[0] if self.pictures else self.original
        return ratio_class(nearest_ratio(like.width, like.height) if like else RATIOS[0])

    @property
    def shape_title(self) -> str:
        """Its shape in words."""
        is_matched = self.aspect_ratio == catalogue.MATCH
        return _("as the original") if is_matched else self.aspect_ratio

    @property
    def asked(self) -> int:
        return int(self.generation.count)

    @property
    def came(self) -> int:
        """How many pictures were delivered and paid for, deleted since or not."""
        return self.asked * self.charged_credits // self.cost_credits

    @property
    def seed(self) -> int | None:
        """None where the model takes none, so that ours says nothing."""
        has_seed = self._model is None or self._model.has_seed
        return int(self.generation.seed) if has_seed else None

    @property
    def expected_s(self) -> int:
        return int(self.generation.expected_s)

    @property
    def elapsed_s(self) -> int:
        """Since it was sent: what `expected_s` measures, too."""
        since = self.generation.submitted_at
        return max(0, int((clock.now() - since).total_seconds())) if since else 0

    @property
    def is_late(self) -> bool:
        """Whether it waits although nobody is before it, for longer than that takes."""
        return self.phase == "waiting" and not self.ahead and self.took_s > LATE_AFTER_S

    @property
    def took_s(self) -> int:
        ended: datetime = self.generation.finished_at or clock.now()
        return max(0, int((ended - self.created_at).total_seconds()))

    @property
    def percent(self) -> int | None:
        reported: int | None = self.generation.percent
        return reported

    @property
    def said_percent(self) -> int | None:
        """The same in words, while there is something left to do."""
        return self.percent if self.percent and self.percent < 100 else None

    @property
    def is_overrun(self) -> bool:
        """Whether it takes longer than such a run usually does."""
        return self.elapsed_s > self.expected_s

    @property
    def is_blocked(self) -> bool:
        """Whether a safety filter stopped it, as it would stop the same words again."""
        return bool(self.generation.failure == "blocked")

    @property
    def progress(self) -> int:
        """For the eye: the provider's own number, else an estimate that never claims the end."""
        match self.phase:
            case "developing":
                guess = self.percent or 90 * self.elapsed_s // max(1, self.expected_s)
                return int(min(PROGRESS_MAX, max(10, guess)))
            case "storing":
                return STORING_PROGRESS
            case "waiting":
                return 5
            case _:
                return 100

    @property
    def cost_credits(self) -> int:
        return int(self.generation.cost_credits)

    @property
    def charged_credits(self) -> int:
        return int(self.generation.charged_credits)

    @property
    def released_credits(self) -> int:
        return self.cost_credits - self.charged_credits if self.is_finished else 0

    @property
    def failure_title(self) -> str:
        return wording.title(self.generation.failure)

    @property
    def failure_words(self) -> str:
        return wording.words(self.generation.failure, self.cost_credits)

    @property
    def is_cancelling(self) -> bool:
        return self.generation.cancel_requested_at is not None and not self.is_finished

    @property
    def can_cancel(self) -> bool:
        stoppable = (Status.HELD, Status.SUBMITTING, Status.RUNNING)
        return self.generation.status in stoppable and not self.is_cancelling

    @property
    def cancel_words(self) -> str:
        """The rule, on the button: what is not sent yet costs nothing for certain."""
        if self.generation.status is Status.HELD:
            return wording.cancelling(self.cost_credits)
        return _("Stop; credits come back if nothing is delivered")

    @property
    def can_retry(self) -> bool:
        return self.is_finished and self.charged_credits < self.cost_credits

    @property
    def retry_credits(self) -> int | None:
        return generations.retry_credits(self.generation)

    @property
    def flawed(self) -> list[PictureView]:
        """What its Look's own check found wanting."""
        return [picture for picture in self.pictures if picture.flaw]

    @property
    def flaw_words(self) -> str:
        """What is wrong with them: "The seam shows in B"."""
        if not self.flawed:
            return ""
        is_all = len(self.flawed) == len(self.pictures)
        letters = "" if is_all else ", ".join("ABCD"[each.position] for each in self.flawed)
        return wording.flaw(self.flawed[0].flaw, letters)

    @property
    def created_at(self) -> datetime:
        asked: datetime = self.generation.created_at
        return asked

    @property
    def finished_at(self) -> datetime | None:
        ended: datetime | None = self.generation.finished_at
        return ended

    @property
    def page_url(self) -> str:
        return f"/generations/{self.public_id}"

    @property
    def url_cancel(self) -> str:
        return f"{self.page_url}/cancel"

    @property
    def url_retry(self) -> str:
        return f"{self.page_url}/retry"

    @property
    def url_rerun(self) -> str:
        return f"{self.page_url}/rerun"

    @property
    def url_delete(self) -> str:
        return f"{self.page_url}/delete"

    @property
    def url_undo(self) -> str:
        return f"{self.page_url}/undo"

    @property
    def url_lightbox(self) -> str:
        return f"/partials{self.page_url}/lightbox"


def cards(rows: Sequence[Generation], *, fresh: Iterable[str] = ()) -> list[Card]:
    """Cards for these rows; `fresh` names those that were unfinished a moment ago."""
    images = generations.images_of(rows)
    ahead = generations.ahead(rows)
    new = set(fresh)
    flawed = [row for row in rows if any(image.flaw for image in images.get(row.id, []))]
    with_rerun = generations.with_rerun_left(flawed)
    return [
        Card(
            generation=row,
            pictures=[picture_view(row, image) for image in images.get(row.id, [])],
            ahead=ahead.get(row.id, 0),
            is_new=row.status is Status.DONE and row.public_id in new,
            has_rerun=row.id in with_rerun,
            original=derivation.source(row)
            if row.aspect_ratio == catalogue.MATCH and not row.is_finished
            else None,
        )
        for row in rows
    ]


def card(row: Generation, notice: str = "") -> Card:
    """The card of one generation, with words on it if something was refused."""
    return replace(cards([row])[0], notice=notice)
