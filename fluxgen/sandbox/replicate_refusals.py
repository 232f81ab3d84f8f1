"""Requests the Replicate stand-in refuses, loses or answers too late, because told to."""

import time

from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.replicate_fate import is_lost
from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.routed import cut_connection, problem

_BAD_GATEWAY = (
    "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n"
    "<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n"
)


def not_found() -> Response:
    """404, worded as the provider does."""
    return problem(404, "Not found", "The requested resource could not be found.")


def gate(request: Request, faults: Faults) -> Response | None:
    """The answer to a request that gets no further: service down, or no token."""
    if faults.strikes("down"):
        return problem(503, "Service unavailable", "The service is temporarily unavailable.")
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind not in ("Bearer", "Token") or not token.strip():
        return _unauthenticated()
    return None


def instead_of_creating(faults: Faults) -> Response | None:
    """A refusal drawn from the faults; nothing is created."""
    if faults.strikes("create_unauthorised"):
        return _unauthenticated()
    if faults.strikes("create_no_credit"):
        detail = "You have insufficient credit to run this model."
        return problem(402, "Insufficient credit", detail)
    if faults.strikes("create_throttle"):
        return throttled(faults.retry_after)
    if faults.strikes("create_refuse"):
        detail = "- input.prompt: refused by a fault switch\n"
        return problem(422, "Input validation failed", detail)
    if faults.strikes("create_error"):
        return problem(500, "Internal server error", "Something went wrong.")
    if faults.strikes("create_bad_gateway"):
        return Response(_BAD_GATEWAY, 502, mimetype="text/html")
    return None


def lose_answer(request: Request, faults: Faults, prompt: str) -> Response | None:
    """Something else than the 201, although the prediction exists; None to answer as usual."""
    if faults.strikes("create_late"):
        time.sleep(faults.create_late_s)
        return None
    if faults.strikes("create_dropped"):
        return cut_connection(request)
    if is_lost(faults, prompt):
        return problem(500, "Internal server error", "Something went wrong.")
    return None


def throttled(retry_after_s: int) -> Response:
    """429: nothing was created, come back later."""
    detail = f"Request was throttled. Your rate limit resets in ~{retry_after_s}s."
    answer = problem(429, "Too many requests", detail, retry_after=retry_after_s)
    answer.headers["Retry-After"] = str(retry_after_s)
    return answer


def _unauthenticated() -> Response:
    detail = "You did not pass a valid authentication token"
    return problem(401, "Unauthenticated", detail)
