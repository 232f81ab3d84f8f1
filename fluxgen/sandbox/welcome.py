"""The first page of the sandbox: what it is, and what to write to see a bad ending."""

from html import escape

from fluxgen.sandbox.replicate_fate import TRIGGER_WORDS

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>FluxGen sandbox</title>
<link rel="stylesheet" href="{base_url}/google/style.css">
</head>
<body>
<main>
<span class="tag">sandbox</span>
<h1>Stand-ins, nothing more</h1>
<p>These are stand-ins for the services FluxGen uses. Nothing here is Google, Replicate, Stripe
or an object store: no account is real, no picture comes from a model, no money moves, and
everything is forgotten when it stops.</p>
<p>To see how FluxGen takes bad news, write one of these into a prompt:</p>
<dl>{words}</dl>
<p>All switches: <a href="{base_url}/replicate/_faults">{base_url}/replicate/_faults</a></p>
<p>Mail that would have been sent: <a href="{base_url}/mail/">{base_url}/mail/</a></p>
<p>Refunds, disputes and other strings to pull:
<a href="{base_url}/stripe/">{base_url}/stripe/</a></p>
</main>
</body>
</html>
"""


def welcome_page(base_url: str) -> str:
    """The page, given where the sandbox is mounted."""
    words = "".join(
        f"<dt><code>{escape(word)}</code></dt><dd>{escape(meaning)}</dd>"
        for word, meaning in TRIGGER_WORDS.items()
    )
    return _PAGE.format(words=words, base_url=escape(base_url))
