"""A stand-in for Replicate's HTTP API: real requests, honest refusals, painted pictures.

Serves what FluxGen uses of the API below `/v1`, the finished files below `/delivery`, and
for tests `/_faults` and `/_predictions`. State is in memory, so run it in one process.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.painting import Painter, paint
from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.replicate_files import FileRefused, Files
from fluxgen.sandbox.replicate_model import Model
from fluxgen.sandbox.replicate_models import MODELS, VERSIONS, published
from fluxgen.sandbox.replicate_orders import OrderRefused, read_order
from fluxgen.sandbox.replicate_predictions import Prediction, as_created, document
from fluxgen.sandbox.replicate_refusals import (
    gate,
    instead_of_creating,
    lose_answer,
    not_found,
    throttled,
)
from fluxgen.sandbox.replicate_studio import MIME_TYPES
from fluxgen.sandbox.replicate_webhooks import RETRY_DELAYS_S, Webhooks
from fluxgen.sandbox.replicate_workshop import Workshop
from fluxgen.sandbox.routed import Routed, json_answer, mount_url, problem

PAGE_SIZE = 100
BUSY_RETRY_AFTER_S = 5


class ReplicateSandbox(Routed):
    """The WSGI app. `pace` multiplies how long predictions take; 0 finishes them at once."""

    rules = (
        ("POST", "/v1/models/<owner>/<name>/predictions", "create_for_model"),
        ("POST", "/v1/predictions", "create"),
        ("GET", "/v1/predictions", "list_predictions"),
        ("GET", "/v1/predictions/<prediction_id>", "show"),
        ("POST", "/v1/predictions/<prediction_id>/cancel", "cancel"),
        ("GET", "/v1/models/<owner>/<name>", "show_model"),
        ("GET", "/v1/models/<owner>/<name>/versions/<version>", "show_version"),
        ("POST", "/v1/files", "upload"),
        ("GET", "/v1/files", "list_files"),
        ("GET", "/v1/files/<file_id>", "show_file"),
        ("DELETE", "/v1/files/<file_id>", "delete_file"),
        ("GET", "/v1/webhooks/default/secret", "webhook_secret"),
        ("GET", "/delivery/<prediction_id>/<int:n>.<extension>", "deliver"),
        ("GET PUT PATCH", "/_faults", "switch_faults"),
        ("GET", "/_predictions", "inspect"),
    )

    def __init__(
        self,
        *,
        pace: float = 1.0,
        painter: Painter = paint,
        faults: Mapping[str, object] | None = None,
        now: Callable[[], float] = time.time,
        webhook_transport: httpx.BaseTransport | None = None,
        webhook_retry_delays_s: Sequence[float] = RETRY_DELAYS_S,
    ) -> None:
        super().__init__()
        self.now = now
        self.faults = Faults()
        self.faults.change(faults or {}, replace=True)
        self.files = Files(now)
        self.webhooks = Webhooks(
            self.faults, now, transport=webhook_transport, retry_delays_s=webhook_retry_delays_s
        )
        self.workshop = Workshop(
            pace=pace,
            painter=painter,
            faults=self.faults,
            files=self.files,
            webhooks=self.webhooks,
            now=now,
        )
        self.predictions = self.workshop.predictions

    def close(self) -> None:
        """Stop the background threads."""
        self.webhooks.close()
        self.workshop.studio.close()

    def answer(self, request: Request) -> Response:
        """Every request below `/v1` passes the gate first."""
        if request.path.startswith("/v1/") and (closed := gate(request, self.faults)):
            return closed
        return super().answer(request)

    def refuse(self, request: Request, refusal: HTTPException) -> Response:
        """Refusals are RFC 7807 documents."""
        if refusal.code == 404:
            return not_found()
        return problem(refusal.code or 500, refusal.name, refusal.description or "")

    # Predictions

    def create_for_model(self, request: Request, owner: str, name: str) -> Response:
        """POST /v1/models/{owner}/{name}/predictions; community models are called by version."""
        model = MODELS.get(f"{owner}/{name}")
        return self._create(request, None if model and model.version else model)

    def create(self, request: Request) -> Response:
        """POST /v1/predictions, the model named by `version`."""
        body = request.get_json(silent=True)
        version = str(body.get("version", "")) if isinstance(body, dict) else ""
        name, _, wanted = version.rpartition(":")
        model = VERSIONS.get(wanted) or MODELS.get(name or wanted)
        if model is None or (model.version and wanted != model.version):
            detail = "The specified version does not exist (or perhaps you don't have permission)"
            return problem(422, "Invalid version or not permitted", detail)
        return self._create(request, model)

    def show(self, request: Request, prediction_id: str) -> Response:
        """GET /v1/predictions/{id}."""
        if self.faults.slow_get_s:
            time.sleep(self.faults.slow_get_s)
        return json_answer(self._document(request, self._find(prediction_id)))

    def cancel(self, request: Request, prediction_id: str) -> Response:
        """POST /v1/predictions/{id}/cancel; no change to one that has ended."""
        prediction = self._find(prediction_id)
        self.workshop.cancel(prediction)
        return json_answer(self._document(request, prediction))

    def list_predictions(self, request: Request) -> Response:
        """GET /v1/predictions, newest first. As documented, items do not show `webhook`."""
        after = _moment(request.args.get("created_after"))
        before = _moment(request.args.get("created_before"))
        chosen = [
            one
            for one in self.predictions.newest_first()
            if (after is None or one.created_at >= after)
            and (before is None or one.created_at < before)
        ]
        listed = [self._document(request, one) for one in chosen]
        for item in listed:
            del item["webhook"], item["webhook_events_filter"]
        return _one_page(request, listed)

    def show_model(self, request: Request, owner: str, name: str) -> Response:
        """GET /v1/models/{owner}/{name}, with its schema."""
        model = self._published(owner, name)
        return json_answer(model.document(mount_url(request), published(model, self.faults)))

    def show_version(self, request: Request, owner: str, name: str, version: str) -> Response:
        """GET /v1/models/{owner}/{name}/versions/{id}, with the schema of that version."""
        model = self._published(owner, name)
        if version != model.version:
            raise NotFound
        return json_answer(model.version_document(published(model, self.faults)))

    def webhook_secret(self, request: Request) -> Response:
        """GET /v1/webhooks/default/secret."""
        return json_answer({"key": self.webhooks.secret})

    # Files

    def upload(self, request: Request) -> Response:
        """POST /v1/files."""
        try:
            stored = self.files.upload(request)
        except FileRefused as refusal:
            return problem(422, "Invalid file", str(refusal))
        return json_answer(stored.document(mount_url(request)), 201)

    def list_files(self, request: Request) -> Response:
        """GET /v1/files?cursor=, newest first."""
        found = [one.document(mount_url(request)) for one in self.files.newest_first()]
        return _one_page(request, found)

    def show_file(self, request: Request, file_id: str) -> Response:
        """GET /v1/files/{id}."""
        stored = self.files.find(file_id)
        if stored is None:
            raise NotFound
        return json_answer(stored.document(mount_url(request)))

    def delete_file(self, request: Request, file_id: str) -> Response:
        """DELETE /v1/files/{id}."""
        if file_id in self.files.stuck:
            return problem(500, "Internal error", "The file cannot be deleted at the moment")
        if not self.files.delete(file_id):
            raise NotFound
        return Response(status=204)

    def deliver(self, request: Request, prediction_id: str, n: int, extension: str) -> Response:
        """One output file; no token needed, gone an hour after completion."""
        prediction, now = self._find(prediction_id), self.now()
        is_there = (
            prediction.status(now) == "succeeded"
            and not prediction.is_removed(now)
            and n < prediction.count
            and extension == prediction.extension
        )
        if not is_there:
            raise NotFound
        kind = "text/html" if prediction.fate.files == "page" else MIME_TYPES[extension]
        return Response(self.workshop.studio.file(prediction, n), mimetype=kind)

    # For tests and reliability runs only

    def switch_faults(self, request: Request) -> Response:
        """GET shows the fault switches, PATCH changes some, PUT puts the others back to off."""
        return self.faults.answer(request)

    def inspect(self, request: Request) -> Response:
        """What was created here, newest first."""
        now = self.now()
        return json_answer(
            [
                {
                    "id": one.id,
                    "model": one.model.path,
                    "input": one.input,
                    "webhook": one.webhook,
                    "status": one.status(now),
                }
                for one in self.predictions.newest_first()
            ]
        )

    # Inside

    def _create(self, request: Request, model: Model | None) -> Response:
        if model is None:
            raise NotFound
        if refusal := instead_of_creating(self.faults):
            return refusal
        try:
            order = read_order(request, model)
        except OrderRefused as refused:
            return refused.answer
        if self.workshop.is_full():
            return throttled(BUSY_RETRY_AFTER_S)
        prediction = self.workshop.start(order, mount_url(request))
        if spoilt := lose_answer(request, self.faults, order.prompt):
            return spoilt
        if order.wait_s:
            self.workshop.wait(prediction, order.wait_s)
            return json_answer(self._document(request, prediction), 201)
        return json_answer(as_created(prediction, mount_url(request)), 201)

    def _published(self, owner: str, name: str) -> Model:
        model = MODELS.get(f"{owner}/{name}")
        if model is None or self.faults.strikes("schema_model_gone"):
            raise NotFound
        return model

    def _find(self, prediction_id: str) -> Prediction:
        prediction = self.predictions.find(prediction_id)
        if prediction is None:
            raise NotFound
        return prediction

    def _document(self, request: Request, prediction: Prediction) -> dict[str, Any]:
        return document(prediction, self.now(), mount_url(request))


def _moment(written: str | None) -> float | None:
    """Unix seconds of an ISO 8601 time."""
    if not written:
        return None
    try:
        return datetime.fromisoformat(written).timestamp()
    except ValueError as error:
        raise BadRequest(f"{written!r} is not an ISO 8601 time.") from error


def _one_page(request: Request, found: Sequence[object]) -> Response:
    """The page that the cursor names, with the way to its neighbours."""
    try:
        first = int(request.args.get("cursor", "0"))
    except ValueError as error:
        raise BadRequest("cursor is not one of ours") from error
    more = first + PAGE_SIZE < len(found)
    return json_answer(
        {
            "previous": _page_url(request, first - PAGE_SIZE) if first > 0 else None,
            "next": _page_url(request, first + PAGE_SIZE) if more else None,
            "results": list(found[first : first + PAGE_SIZE]),
        }
    )


def _page_url(request: Request, first: int) -> str:
    address = httpx.URL(request.base_url, params=request.args.to_dict())
    return str(address.copy_set_param("cursor", max(0, first)))
