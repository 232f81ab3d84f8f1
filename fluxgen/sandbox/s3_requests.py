"""What a request to the S3 stand-in brings: headers that are kept, and the body."""

from werkzeug.wrappers import Request

from fluxgen.sandbox.s3_signature import STREAMING

_KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Cache-Control", "Content-Encoding")


def kept_headers(request: Request) -> dict[str, str]:
    """The headers that an object keeps."""
    headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
    headers.setdefault("Content-Type", "binary/octet-stream")
    if headers.get("Content-Encoding") == "aws-chunked":
        del headers["Content-Encoding"]
    return headers | {
        name.lower(): value
        for name, value in request.headers.items()
        if name.lower().startswith("x-amz-meta-")
    }


def body(request: Request) -> bytes:
    """The body; the chunks of `aws-chunked` joined, their signatures and trailers skipped."""
    content = request.get_data()
    if not request.headers.get("X-Amz-Content-SHA256", "").startswith(STREAMING):
        return content
    joined, at = bytearray(), 0
    while at < len(content):
        line_end = content.index(b"\r\n", at)
        size = int(content[at:line_end].partition(b";")[0], 16)
        if size == 0:
            break
        joined += content[line_end + 2 : line_end + 2 + size]
        at = line_end + 2 + size + 2
    return bytes(joined)
