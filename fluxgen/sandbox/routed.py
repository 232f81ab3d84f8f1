"""A WSGI app whose methods are its routes, and the answers the stand-ins share."""

import io
import json
import socket
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, ClassVar

import httpx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 110 * 1024 * 1024


class MemoryRequest(Request):
    """Keeps uploads in memory, never on disk; 413 above `MAX_BODY_BYTES`."""

    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_BODY_BYTES

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


class Routed:
    """Dispatches a request to the method named by the matching rule's endpoint."""

    rules: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """(methods separated by spaces, path, name of the method)."""

    def __init__(self) -> None:
        self._map = Map(
            [
                Rule(path, methods=methods.split(), endpoint=endpoint)
                for methods, path, endpoint in self.rules
            ],
            strict_slashes=False,
            merge_slashes=False,
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        response = self.answer(MemoryRequest(environ))
        return response(environ, start_response)

    def answer(self, request: Request) -> Response:
        """Find the route and run it; anything refused goes through `refuse`."""
        try:
            endpoint, values = self._map.bind_to_environ(request.environ).match()
            response = getattr(self, endpoint)(request, **values)
        except HTTPException as refusal:
            response = self.refuse(request, refusal)
        assert isinstance(response, Response)
        return response

    def refuse(self, request: Request, refusal: HTTPException) -> Response:
        """The answer to a request that was refused; providers differ in its shape."""
        return Response(refusal.get_response(request.environ).get_data(), refusal.code)


def json_answer(document: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(document), status, mimetype="application/json")


def problem(status: int, title: str, detail: str, **members: object) -> Response:
    """An RFC 7807 answer, as Replicate gives for every refusal."""
    document = {"title": title, "detail": detail, "status": status, **members}
    return Response(json.dumps(document), status, mimetype="application/problem+json")


def mount_url(request: Request) -> str:
    """The absolute address this app is mounted at, without the last slash."""
    return request.root_url.rstrip("/")


def cut_connection(request: Request) -> Response:
    """Cut the connection. In process there is none: raise what a client would see."""
    open_socket = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if not isinstance(open_socket, socket.socket):
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    open_socket.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
