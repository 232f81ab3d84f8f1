"""A stand-in for an S3 object store such as R2: path style, signatures really checked.

`faults.down` answers 503 to everything; `faults.corrupt` keeps other bytes than were sent.
Both are chances as in the Replicate stand-in, changed in process or by GET/PATCH `/_faults`.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree import ElementTree

from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox import s3_multipart
from fluxgen.sandbox.routed import Routed, json_answer
from fluxgen.sandbox.s3_multipart import UploadRefused, Uploads
from fluxgen.sandbox.s3_objects import (
    Objects,
    StoredObject,
    StoreFull,
    copied_xml,
    deleted_xml,
    error_xml,
    listing_xml,
)
from fluxgen.sandbox.s3_requests import body, kept_headers
from fluxgen.sandbox.s3_signature import SignatureRefused, verify

SANDBOX_ACCESS_KEY_ID = "sandbox-access-key"
SANDBOX_SECRET_ACCESS_KEY = "sandbox-secret-known-to-all"
SANDBOX_BUCKET = "fluxgen"

MAX_DELETES = 1000
MAX_LISTED = 1000
MAX_KEY_BYTES = 1024
_OVERRIDES = {
    "response-content-type": "Content-Type",
    "response-content-disposition": "Content-Disposition",
    "response-cache-control": "Cache-Control",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass
class S3Faults:
    """Switches: 0 never, a whole number the next so many times, True always."""

    down: int = 0
    corrupt: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def strikes(self, name: str) -> bool:
        """Whether this fault happens now."""
        with self._lock:
            left = getattr(self, name)
            if left and left is not True:
                setattr(self, name, left - 1)
        return bool(left)


class S3Refused(Exception):
    """An S3 error answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Response(error_xml(code, message), status, mimetype="application/xml")


class S3Sandbox(Routed):
    """The WSGI app, with one key and its buckets."""

    rules = (
        ("GET PATCH", "/_faults", "switch_faults"),
        ("GET HEAD", "/<bucket>", "list_objects"),
        ("POST", "/<bucket>", "delete_many"),
        ("PUT", "/<bucket>/<path:key>", "put"),
        ("POST", "/<bucket>/<path:key>", "begin_or_complete"),
        ("GET HEAD", "/<bucket>/<path:key>", "get"),
        ("DELETE", "/<bucket>/<path:key>", "delete"),
    )

    def __init__(
        self,
        access_key_id: str = SANDBOX_ACCESS_KEY_ID,
        secret_access_key: str = SANDBOX_SECRET_ACCESS_KEY,
        buckets: tuple[str, ...] = (SANDBOX_BUCKET,),
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.objects = Objects()
        self.uploads = Uploads()
        self.faults = S3Faults()
        self._key_id = access_key_id
        self._secret = secret_access_key
        self._buckets = buckets
        self._now = now

    def answer(self, request: Request) -> Response:
        """Everything but the switches must be signed."""
        if request.path == "/_faults":
            return super().answer(request)
        try:
            if self.faults.strikes("down"):
                raise S3Refused(503, "ServiceUnavailable", "Reduce your request rate.")
            verify(request, self._key_id, self._secret, self._now())
            bucket = request.path.lstrip("/").partition("/")[0]
            if bucket not in self._buckets:
                raise S3Refused(404, "NoSuchBucket", "The specified bucket does not exist.")
            return super().answer(request)
        except SignatureRefused as refused:
            status = 400 if refused.code == "XAmzContentSHA256Mismatch" else 403
            return S3Refused(status, refused.code, refused.message).answer
        except UploadRefused as refused_upload:
            code = str(refused_upload)
            status = 404 if code == "NoSuchUpload" else 400
            return S3Refused(status, code, "This upload cannot be had so.").answer
        except S3Refused as refused:
            return refused.answer

    def refuse(self, request: Request, refusal: HTTPException) -> Response:
        """Refusals are XML."""
        status = refusal.code or 500
        return S3Refused(status, refusal.name.replace(" ", ""), refusal.description or "").answer

    def put(self, request: Request, bucket: str, key: str) -> Response:
        """PutObject; with `If-None-Match: *` only if there is none. UploadPart with `uploadId`."""
        if len(key.encode()) > MAX_KEY_BYTES:
            raise S3Refused(400, "KeyTooLongError", "Your key is too long.")
        if "X-Amz-Copy-Source" in request.headers:
            return self._copy(request, bucket, key)
        content = body(request)
        if "uploadId" in request.args:
            number = request.args.get("partNumber", 0, type=int)
            tag = self.uploads.put(request.args["uploadId"], bucket, key, number, content)
            return Response(headers={"ETag": tag})
        if self.faults.strikes("corrupt"):
            content = content[:-1] + bytes([content[-1] ^ 0xFF]) if content else b"\xff"
        stored = StoredObject.of(content, kept_headers(request), self._now())
        self._keep(bucket, key, stored, only_new=request.headers.get("If-None-Match") == "*")
        return Response(headers={"ETag": stored.etag})

    def _keep(self, bucket: str, key: str, stored: StoredObject, *, only_new: bool) -> None:
        try:
            kept = self.objects.put(bucket, key, stored, only_new=only_new)
        except StoreFull as error:
            raise S3Refused(507, "InsufficientStorage", "The stand-in is full.") from error
        if not kept:
            raise S3Refused(412, "PreconditionFailed", "The object exists already.")

    def begin_or_complete(self, request: Request, bucket: str, key: str) -> Response:
        """CreateMultipartUpload (`?uploads`) and CompleteMultipartUpload (`?uploadId`)."""
        if "uploads" in request.args:
            upload_id = self.uploads.begin(bucket, key, kept_headers(request))
            xml = s3_multipart.begun_xml(bucket, key, upload_id)
            return Response(xml, mimetype="application/xml")
        tree = ElementTree.fromstring(body(request))
        wanted = [
            (
                int(part.findtext("{*}PartNumber") or 0),
                (part.findtext("{*}ETag") or "").strip('"'),
            )
            for part in tree.iterfind("{*}Part")
        ]
        upload_id = request.args.get("uploadId", "")
        content, headers, tag = self.uploads.complete(upload_id, bucket, key, wanted)
        stored = StoredObject(content, headers, self._now(), tag)
        self._keep(bucket, key, stored, only_new=False)
        return Response(s3_multipart.completed_xml(bucket, key, tag), mimetype="application/xml")

    def _copy(self, request: Request, bucket: str, key: str) -> Response:
        """CopyObject: the bytes and headers of another object."""
        source = unquote(request.headers["X-Amz-Copy-Source"]).lstrip("/")
        from_bucket, _, from_key = source.partition("/")
        known = self.objects.get(from_bucket, from_key)
        if known is None:
            raise S3Refused(404, "NoSuchKey", "The specified key does not exist.")
        stored = StoredObject.of(known.content, known.headers, self._now())
        self.objects.put(bucket, key, stored, only_new=False)
        return Response(copied_xml(stored), mimetype="application/xml")

    def get(self, request: Request, bucket: str, key: str) -> Response:
        """GetObject and HeadObject, with ranges and response overrides."""
        stored = self.objects.get(bucket, key)
        if stored is None:
            raise S3Refused(404, "NoSuchKey", "The specified key does not exist.")
        headers = dict(stored.headers)
        for parameter, name in _OVERRIDES.items():
            if parameter in request.args:
                headers[name] = request.args[parameter]
        headers |= {
            "ETag": stored.etag,
            "Last-Modified": http_date(stored.at),
            "Accept-Ranges": "bytes",
        }
        if request.headers.get("If-None-Match") == stored.etag:
            return Response(status=304, headers=headers)
        start, end = _range(request, len(stored.content))
        is_part = "Range" in request.headers
        if is_part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(stored.content)}"
        answer = Response(stored.content[start:end], 206 if is_part else 200, headers)
        answer.headers["Content-Length"] = str(end - start)
        return answer

    def delete(self, request: Request, bucket: str, key: str) -> Response:
        """DeleteObject; 204 whether it was there or not. AbortMultipartUpload with `uploadId`."""
        if "uploadId" in request.args:
            self.uploads.abort(request.args["uploadId"], bucket, key)
            return Response(status=204)
        self.objects.delete(bucket, key)
        return Response(status=204)

    def delete_many(self, request: Request, bucket: str) -> Response:
        """DeleteObjects: `POST ?delete`, at most 1000 keys."""
        if "delete" not in request.args:
            raise S3Refused(501, "NotImplemented", "Only ?delete is known here.")
        try:
            tree = ElementTree.fromstring(body(request))
        except ElementTree.ParseError as error:
            raise S3Refused(400, "MalformedXML", "The XML is not well-formed.") from error
        keys = [node.text or "" for node in tree.iterfind("{*}Object/{*}Key")]
        if not 1 <= len(keys) <= MAX_DELETES:
            raise S3Refused(400, "MalformedXML", "Between 1 and 1000 keys, please.")
        for key in keys:
            self.objects.delete(bucket, key)
        quiet = tree.findtext("{*}Quiet") == "true"
        return Response(deleted_xml(keys, quiet=quiet), mimetype="application/xml")

    def list_objects(self, request: Request, bucket: str) -> Response:
        """ListObjectsV2 with prefix, delimiter and pages; HEAD says the bucket is there."""
        query = request.args
        if "uploads" in query:
            found = self.uploads.under_way(bucket, query.get("prefix", ""))
            xml = s3_multipart.under_way_xml(bucket, found)
            return Response(xml, mimetype="application/xml")
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        after = query.get("continuation-token") or query.get("start-after", "")
        most = min(query.get("max-keys", MAX_LISTED, type=int), MAX_LISTED)
        chosen, prefixes = [], dict[str, None]()
        for key, one in self.objects.keys(bucket, prefix):
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                prefixes[prefix + rest.partition(delimiter)[0] + delimiter] = None
            elif key > after:
                chosen.append((key, one))
        page = chosen[:most]
        next_token = page[-1][0] if len(chosen) > most and page else None
        listed = listing_xml(bucket, prefix, page, list(prefixes), next_token)
        return Response(listed, mimetype="application/xml")

    def switch_faults(self, request: Request) -> Response:
        """GET shows the switches, PATCH sets some. Needs no signature."""
        if request.method == "PATCH":
            switches = request.get_json(silent=True)
            if not isinstance(switches, dict) or not {"down", "corrupt"}.issuperset(switches):
                return json_answer({"detail": "The switches are `down` and `corrupt`."}, 422)
            for name, value in switches.items():
                setattr(self.faults, name, value if value is True else int(value))
        return json_answer({"down": self.faults.down, "corrupt": self.faults.corrupt})


def _range(request: Request, size: int) -> tuple[int, int]:
    """Start and end of the asked bytes; the whole object without a `Range`."""
    if "Range" not in request.headers:
        return 0, size
    found = _RANGE.fullmatch(request.headers["Range"])
    if found is None or not any(found.groups()):
        raise S3Refused(416, "InvalidRange", "The range is not satisfiable.")
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if start >= size or end <= start:
        raise S3Refused(416, "InvalidRange", "The range is not satisfiable.")
    return start, end
