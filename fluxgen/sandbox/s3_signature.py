"""AWS Signature Version 4, really checked: in headers and in presigned links.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from werkzeug.wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ALGORITHM = "AWS4-HMAC-SHA256"
MOST_SKEW_S = 15 * 60
LONGEST_LINK_S = 7 * 24 * 3600
UNSIGNED = "UNSIGNED-PAYLOAD"
STREAMING = "STREAMING-"


class SignatureRefused(Exception):
    """The request is not ours: an S3 error code and words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Claim:
    """What a request says about its own signature."""

    key_id: str
    scope: str
    signed_headers: str
    signature: str
    date: str
    payload_hash: str
    is_link: bool


def verify(request: Request, key_id: str, secret: str, now: float) -> None:
    """Raise `SignatureRefused` unless the request was signed with our secret, in time."""
    claim = _claim(request)
    if claim.key_id != key_id:
        raise SignatureRefused("InvalidAccessKeyId", "The access key id does not exist.")
    _check_time(request, claim, now)
    if "host" not in claim.signed_headers.split(";"):
        raise SignatureRefused("AccessDenied", "The host header must be signed.")
    wanted = hmac.new(
        _signing_key(secret, claim.scope), _to_sign(request, claim), hashlib.sha256
    ).hexdigest()
    if not hmac.compare_digest(wanted, claim.signature):
        raise SignatureRefused(
            "SignatureDoesNotMatch", "The signature we calculated does not match yours."
        )
    _check_payload(request, claim)


def _claim(request: Request) -> Claim:
    """Read the claim from the query of a link, or from the authorization header."""
    query = request.args
    if "X-Amz-Signature" in query:
        key_id, _, scope = query.get("X-Amz-Credential", "").partition("/")
        return Claim(
            key_id,
            scope,
            query.get("X-Amz-SignedHeaders", ""),
            query["X-Amz-Signature"],
            query.get("X-Amz-Date", ""),
            UNSIGNED,
            is_link=True,
        )
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    if kind != ALGORITHM:
        raise SignatureRefused("AccessDenied", "Access Denied")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    key_id, _, scope = parts.get("Credential", "").partition("/")
    return Claim(
        key_id,
        scope,
        parts.get("SignedHeaders", ""),
        parts.get("Signature", ""),
        request.headers.get("X-Amz-Date", ""),
        request.headers.get("X-Amz-Content-SHA256", UNSIGNED),
        is_link=False,
    )


def _check_time(request: Request, claim: Claim, now: float) -> None:
    try:
        signed_at = datetime.strptime(claim.date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        lifetime_s = int(request.args.get("X-Amz-Expires", "0"))
    except ValueError as error:
        raise SignatureRefused("AccessDenied", "The date is missing or malformed.") from error
    if claim.scope.partition("/")[0] != claim.date[:8]:
        raise SignatureRefused("AuthorizationHeaderMalformed", "The scope is of another day.")
    if claim.is_link:
        if not 1 <= lifetime_s <= LONGEST_LINK_S:
            raise SignatureRefused("AuthorizationQueryParametersError", "Bad X-Amz-Expires.")
        if now > signed_at + lifetime_s:
            raise SignatureRefused("AccessDenied", "Request has expired")
    elif abs(now - signed_at) > MOST_SKEW_S:
        raise SignatureRefused("RequestTimeTooSkewed", "Your clock and ours differ too much.")


def _check_payload(request: Request, claim: Claim) -> None:
    """The body must have the hash that was signed, unless it was signed without one."""
    if claim.payload_hash == UNSIGNED or claim.payload_hash.startswith(STREAMING):
        return
    if hashlib.sha256(request.get_data()).hexdigest() != claim.payload_hash:
        raise SignatureRefused("XAmzContentSHA256Mismatch", "The body is not what was signed.")


def _to_sign(request: Request, claim: Claim) -> bytes:
    headers = [f"{name}:{_header(request, name)}\n" for name in claim.signed_headers.split(";")]
    lines = [
        request.method,
        _canonical_path(request.environ),
        _canonical_query(request),
        "".join(headers),
        claim.signed_headers,
        claim.payload_hash,
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return f"{ALGORITHM}\n{claim.date}\n{claim.scope}\n{digest}".encode()


def _canonical_path(environ: "WSGIEnvironment") -> str:
    """The path as it was sent, mount included; servers hand on only the decoded one."""
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if isinstance(raw, str):
        path = raw.partition("?")[0]
        if path.startswith("/"):
            return quote(unquote(path), safe="/~")
    decoded = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return quote(decoded.encode("latin-1"), safe="/~")


def _canonical_query(request: Request) -> str:
    pairs = [
        (quote(name, safe="~"), quote(value, safe="~"))
        for name, value in request.args.items(multi=True)
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _header(request: Request, name: str) -> str:
    """A header's value, spaces collapsed. `Host` may come from the server's own name."""
    value = request.host if name == "host" else request.headers.get(name, "")
    return " ".join(value.split())


def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
