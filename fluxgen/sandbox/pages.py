"""The frame of the stand-ins' pages: plain HTML, one stylesheet, no script."""

from html import escape
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

STYLESHEET = """
:root {
  color-scheme: light dark;
  --paper: light-dark(#f5f6f7, #0c0d0f);
  --sheet: light-dark(#ffffff, #141517);
  --ink: light-dark(#111315, #f4f5f6);
  --ink-2: light-dark(#45484b, #bdbfc2);
  --rule: light-dark(#d6d8d9, #292c2e);
  --edge: light-dark(#7e8084, #696c6f);
  --well: light-dark(#e7e8ea, #1f2123);
  --mark: #f3e51f;
}
* { box-sizing: border-box; margin: 0; }
body {
  min-block-size: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  inline-size: min(100%, 26rem); background: var(--sheet);
  border: 1px solid var(--rule); border-radius: 3px; padding: clamp(1.25rem, 5vw, 2.25rem);
}
h1 { font-size: 1.75rem; line-height: 1.1; letter-spacing: -0.02em; font-weight: 600; }
p { color: var(--ink-2); margin-block-start: 0.5rem; overflow-wrap: anywhere; }
.tag {
  display: inline-block; margin-block-end: 1.5rem; padding: 0.25rem 0.5rem;
  border: 1px dashed var(--edge); color: var(--ink-2);
  font: 0.75rem/1.4 ui-monospace, monospace;
}
summary { cursor: pointer; padding-block: 0.5rem; font-weight: 560; }
label { display: block; margin-block-start: 0.875rem; font-size: 0.875rem; font-weight: 560; }
input:not([type=checkbox]) {
  display: block; inline-size: 100%; min-block-size: 2.75rem; margin-block-start: 0.25rem;
  padding: 0.5rem 0.625rem; border: 1px solid var(--edge); border-radius: 3px;
  background: var(--sheet); color: inherit; font: inherit;
}
.check { display: flex; gap: 0.5rem; align-items: center; font-weight: 400; }
.check input { inline-size: 1.125rem; block-size: 1.125rem; accent-color: var(--ink); }
.button {
  min-block-size: 2.75rem; padding: 0.5rem 1.125rem; margin-block-start: 1.125rem;
  border: 1px solid var(--ink); border-radius: 3px; background: var(--ink); color: var(--sheet);
  font: inherit; font-weight: 560; cursor: pointer;
}
.line { background: none; color: var(--ink); border-color: var(--edge); inline-size: 100%; }
:focus-visible {
  outline: 3px solid var(--mark); outline-offset: 1px; box-shadow: 0 0 0 5px var(--ink);
}
code { font-size: 0.875em; }
a { color: inherit; }
dl:not([class]) { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin-block: 0.75rem; }
dt { white-space: nowrap; }
dd { color: var(--ink-2); font-size: 0.875rem; line-height: 1.7; }
"""


def page(title: str, tag: str, body: str, base_url: str, style: str = "style") -> str:
    """A whole page; `tag` says what it is not, `style` names its stylesheet."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · sandbox</title>
<link rel="stylesheet" href="{escape(base_url)}/{style}.css">
</head>
<body>
<main>
<span class="tag">sandbox · {escape(tag)}</span>
{body}
</main>
</body>
</html>
"""


def page_answer(html: str, status: int = 200, *, returns_to: tuple[str, ...] = ()) -> Response:
    """A page under a strict policy; browsers apply `form-action` to the redirect as well.

    `returns_to`: addresses to which its forms may lead.
    """
    origins = {f"{address.scheme}://{address.netloc}" for address in map(urlsplit, returns_to)}
    allowed = ["'self'", *sorted(origins)]
    answer = Response(html, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {' '.join(allowed)}"
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def stylesheet_answer(css: str) -> Response:
    """The stylesheet a page asks for."""
    return Response(css, mimetype="text/css")
