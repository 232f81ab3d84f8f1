"""One generation, one step further, whoever rang: form, webhook or sweep.

The row says which step is next, so ringing twice does no harm and a bell that was never
heard costs time, not a generation.
"""

from __future__ import annotations

import logging
from datetime import datetime

from fluxgen import adapters, catalogue, clock, generations, settings
from fluxgen.adapters.images import Order, Progress
from fluxgen.errors import LeaseLost, MayWorkLater, NeverWill, OutcomeUnknown
from fluxgen.generations.life import CRASHES_MAX
from fluxgen.jobs import bell, references, storing
from fluxgen.models import Generation, Standing, Status

ADVANCE = "fluxgen.jobs.generations.advance"
SUBMIT_WITHIN_S = 600
WAIT_WITHIN_S = 3600
"""For a turn: then the picture would come too late to be welcome."""
RUN_WITHIN_S = 900
ATTEMPTS_MAX = 2
RETRY_MAX_S = 30.0
LOOK_MAX_S = 10.0

log = logging.getLogger(__name__)


def ring(generation: Generation) -> None:
    """Ask for this generation's next step, after its row is committed."""
    ring_id(generation.id)


def ring_id(generation_id: int) -> None:
    """The same, where only the id is at hand."""
    bell.ring(ADVANCE, generation_id)


def advance(generation_id: int) -> None:
    """Take one generation one step further, unless another worker has it."""
    generation = generations.claim(generation_id)
    if generation is None:
        return
    was = generation.status
    try:
        _advance(generation)
    except LeaseLost:
        log.warning("lease lost", extra={"generation_id": generation_id})
    if generation.is_finished:
        references.forget(generation)
    if was is Status.HELD or generation.is_finished:
        _ring_next()


def _ring_next() -> None:
    """Ring for whoever is next, if a place at the provider is free."""
    for generation_id in generations.up_next(1):
        ring_id(generation_id)


def _advance(generation: Generation) -> None:
    try:
        if generation.crashes > CRASHES_MAX:
            raise NeverWill("internal")
        _step(generation)
    except LeaseLost:
        raise
    except NeverWill as refusal:
        _log(generation, "ended", refusal.reason)
        generations.end(generation, refusal.reason)
        storing.forget(generation)
    except MayWorkLater as trouble:
        if _is_hopeless(generation):
            _log(generation, "ended", "unreachable")
            generations.end(generation, "unreachable")
            return
        _log(generation, "put back", str(trouble))
        generations.put_back(generation, _patience_s(generation, trouble))
    except Exception:
        log.exception("step crashed", extra={"generation_id": generation.id})
        generations.put_back(generation, RETRY_MAX_S, crashed=True)


def _step(generation: Generation) -> None:
    match generation.status:
        case Status.HELD:
            _submit(generation)
        case Status.SUBMITTING:
            _resolve(generation)
        case Status.RUNNING:
            _look(generation)
        case Status.STORING:
            _collect(generation)


def _submit(generation: Generation) -> None:
    """Send it. The attempt is on record before the request leaves."""
    if generation.account.standing is Standing.SUSPENDED:
        raise NeverWill("suspended")
    if generation.cancel_requested_at:
        raise NeverWill("cancelled")
    if _age_s(generation.turn_at) > SUBMIT_WITHIN_S:
        raise NeverWill("unreachable")
    if generation.turn_at is None and _age_s(generation.created_at) > WAIT_WITHIN_S:
        raise NeverWill("waited")
    if not generations.take(generation):
        generations.put_back(generation, 0)  # whoever frees a place rings for the next in turn
        return
    try:
        prediction_id = adapters.current().images.start(_order(generation))
    except MayWorkLater as trouble:
        wait_s = _patience_s(generation, trouble)
        generations.dismiss_attempt(generation, wait_s)
    except OutcomeUnknown as unknown:
        _log(generation, "outcome unknown", str(unknown))
        generations.put_back(generation, settings.current().poll_s)
    else:
        generations.running(generation, prediction_id, settings.current().poll_s)


def _resolve(generation: Generation) -> None:
    """The answer to an attempt never came: look for what became of it before sending again."""
    candidates = adapters.current().images.find(_order(generation))
    prediction_id = next((id_ for id_ in candidates if not generations.owned(id_)), None)
    if prediction_id is not None:
        generations.running(generation, prediction_id, 0)
    elif _age_s(generation.submitted_at) < settings.current().submit_grace_s:
        generations.put_back(generation, settings.current().poll_s)
    elif generation.attempt < ATTEMPTS_MAX:
        generations.dismiss_attempt(generation, 0, was_sent=True)
    else:
        raise NeverWill("unreachable")


def _look(generation: Generation) -> None:
    """Ask the provider how far it is, and act on what it says, not on what we wished."""
    images = adapters.current().images
    if generation.cancel_requested_at:
        images.cancel(storing.prediction_id(generation))
    prediction = images.check(storing.prediction_id(generation))
    match prediction.progress:
        case Progress.SUCCEEDED:
            _collect(generation)
        case Progress.CANCELLED if generation.cancel_requested_at:
            suspended = generation.account.standing is Standing.SUSPENDED
            raise NeverWill("suspended" if suspended else "halted")
        case Progress.CANCELLED | Progress.FAILED:
            raise NeverWill(prediction.failure or "failed")
        case Progress.QUEUED | Progress.RUNNING if _age_s(generation.submitted_at) > RUN_WITHIN_S:
            images.cancel(prediction.id)
            raise NeverWill("overdue")
        case Progress.QUEUED | Progress.RUNNING:
            generations.look_again(
                generation,
                _next_look_s(generation),
                begun=prediction.progress is Progress.RUNNING,
                percent=prediction.percent,
            )


def _collect(generation: Generation) -> None:
    """Fetch, check, store, read back, and only then charge."""
    if generation.status is not Status.STORING:
        generations.storing(generation)
        _ring_next()  # the provider is done with this one
    if _age_s(generation.stored_from_at) > storing.STORE_WITHIN_S:
        raise NeverWill("storage")
    generations.finish(generation, storing.store(generation))


def _order(generation: Generation) -> Order:
    model = catalogue.model(generation.model)
    return Order(
        model=model.address(generation.tier),
        input=model.provider_input(
            generation.tier,
            generation.prompt,
            generation.aspect_ratio,
            generation.count,
            generation.seed,
            generation.reference_url,
        ),
        attempt_token=generation.attempt_token or "",
        ordered_at=generation.submitted_at or clock.now(),
    )


def _patience_s(generation: Generation, trouble: MayWorkLater) -> float:
    """How long to wait: as asked, else longer the longer it has gone on."""
    if trouble.retry_after_s is not None:
        return trouble.retry_after_s
    since = generation.stored_from_at or generation.submitted_at or generation.created_at
    return min(RETRY_MAX_S, settings.current().poll_s + _age_s(since) / 10)


def _is_hopeless(generation: Generation) -> bool:
    """The provider has, or may have, our order, and was silent until its pictures expire."""
    is_asking = generation.status in {Status.SUBMITTING, Status.RUNNING}
    return is_asking and _age_s(generation.submitted_at) > storing.STORE_WITHIN_S


def _next_look_s(generation: Generation) -> float:
    """Often while it is young (3000 questions a minute are allowed in all), then less."""
    return max(settings.current().poll_s, min(LOOK_MAX_S, _age_s(generation.submitted_at) / 6))


def _age_s(since: datetime | None) -> float:
    return (clock.now() - since).total_seconds() if since else 0.0


def _log(generation: Generation, event: str, reason: str) -> None:
    extra = {"generation_id": generation.id, "step": generation.status.value, "reason": reason}
    log.info(event, extra=extra)
