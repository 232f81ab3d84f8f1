"""Errors of the Stripe stand-in, worded and coded as Stripe's own."""

from werkzeug.wrappers import Response

from fluxgen.sandbox.routed import json_answer


class StripeRefused(Exception):
    """An answer `{"error": {type, code, param, message}}`.

    `is_result`: the request was carried out as far as it got, so that its idempotency key
    keeps this answer; a request refused for its parameters leaves its key unused.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        is_result: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.is_result = is_result
        members = {"code": code, "message": message, "param": param, "type": kind}
        self.error = {name: value for name, value in members.items() if value is not None}

    @property
    def answer(self) -> Response:
        """What the client sees."""
        return json_answer({"error": self.error}, self.status)


def unknown_parameter(param: str) -> StripeRefused:
    """A parameter that does not exist, or no longer does."""
    message = f"Received unknown parameter: {param}"
    if param == "payment_method_types":
        message += (
            ". It was removed in 2026-09-30.endive: use allowed_payment_method_types or "
            "excluded_payment_method_types"
        )
    return StripeRefused(message, code="parameter_unknown", param=param)


def missing_parameter(param: str) -> StripeRefused:
    """A parameter that must be there."""
    return StripeRefused(f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid(param: str, message: str, code: str | None = None) -> StripeRefused:
    """A value that makes no sense."""
    return StripeRefused(message, code=code, param=param)


def no_such(kind: str, wanted: str, param: str, status: int = 404) -> StripeRefused:
    """An object that is not there: 404 if the address names it, 400 if a parameter does."""
    message = f"No such {kind}: '{wanted}'"
    return StripeRefused(message, status=status, code="resource_missing", param=param)


def broken(*, is_result: bool) -> StripeRefused:
    """500: something went wrong on Stripe's side."""
    message = "An unknown error occurred on our side. (Sandbox: told to by a fault switch.)"
    return StripeRefused(message, status=500, kind="api_error", is_result=is_result)
