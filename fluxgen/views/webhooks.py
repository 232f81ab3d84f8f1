"""Webhooks are hints: verified, remembered by id, and answered by ringing the bell."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from fluxgen import adapters, generations, housekeeping
from fluxgen.errors import NeverWill
from fluxgen.jobs import generations as jobs
from fluxgen.jobs import payments as payment_jobs
from fluxgen.security import machine

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")

EVENT_ID_MAX = 120
BODY_MAX_BYTES = 2 * 1024 * 1024


@webhooks.post("/stripe")
@machine
def stripe() -> ResponseReturnValue:
    """Stripe has news of a payment; the step asks it what they are."""
    request.max_content_length = BODY_MAX_BYTES
    payload = request.get_data(cache=False)
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = adapters.current().payments.event(payload, signature)
    except NeverWill:
        abort(401)
    payment_jobs.hear(event)
    return "", 204


@webhooks.post("/replicate/<attempt_token>")
@machine
def replicate(attempt_token: str) -> ResponseReturnValue:
    """Replicate has news of an attempt; the step asks it what they are."""
    request.max_content_length = BODY_MAX_BYTES
    body = request.get_data(as_text=True, cache=False)
    if not adapters.current().images.is_genuine(dict(request.headers), body):
        abort(401)
    generation = generations.by_attempt(attempt_token)
    if generation is None:
        abort(404)
    event_id = request.headers["webhook-id"][:EVENT_ID_MAX]
    if housekeeping.heard_first(event_id) and not generation.is_finished:
        jobs.ring(generation)
    return "", 204
