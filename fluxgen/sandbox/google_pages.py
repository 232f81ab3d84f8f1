"""The pages of the Google stand-in. Plain HTML, one stylesheet, no script."""

from html import escape

from fluxgen.sandbox.google_people import Person

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
.people {
  list-style: none; padding: 0; margin-block: 1.5rem; border-block-start: 1px solid var(--rule);
}
.people li { border-block-end: 1px solid var(--rule); }
.person {
  display: grid; grid-template-columns: 2.5rem 1fr; gap: 0 0.875rem; align-items: center;
  inline-size: 100%; min-block-size: 4rem; padding: 0.625rem 0.5rem;
  border: 0; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer;
}
.person:hover { background: var(--well); }
.person img, .initial { inline-size: 2.5rem; block-size: 2.5rem; grid-row: span 2; }
.initial {
  display: grid; place-items: center; background: var(--ink); color: var(--sheet);
  font-weight: 600;
}
.person b { font-weight: 560; line-height: 1.3; align-self: end; }
.person small { color: var(--ink-2); font-size: 0.8125rem; line-height: 1.3; align-self: start; }
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
"""


def chooser_page(action: str, app_name: str, people: list[Person], hint: str, base_url: str) -> str:
    """The account chooser. Posts `person` (a sub), or `email` and `name`, or `decision=deny`."""
    rows = "".join(_person_row(action, person, base_url) for person in people)
    return _page(
        "Choose an account",
        f"""<h1>Choose an account</h1>
<p>to go on to {escape(app_name)}. These people are made up, and no password is asked for.</p>
<ul class="people">{rows}</ul>
<details{" open" if hint else ""}>
<summary>Be somebody else</summary>
<form method="post" action="{escape(action)}">
<label>E-mail
<input name="email" type="email" required autocomplete="off" value="{escape(hint)}"></label>
<label>Name <input name="name" autocomplete="off" maxlength="100"></label>
<label class="check"><input name="unverified" type="checkbox" value="1">
The e-mail is not verified</label>
<button class="button">Go on</button>
</form>
</details>
<form method="post" action="{escape(action)}">
<button class="button line" name="decision" value="deny">Deny</button>
</form>""",
        base_url,
    )


def error_page(code: str, description: str, base_url: str) -> str:
    """What a person sees when the app's request is wrong."""
    return _page(
        "Access blocked",
        f"<h1>Access blocked</h1><p>{escape(description)}</p><p><code>{escape(code)}</code></p>",
        base_url,
    )


def _person_row(action: str, person: Person, base_url: str) -> str:
    if person.portrait:
        address = escape(f"{base_url}/picture/{person.sub}")
        face = f'<img src="{address}" alt="" width="40" height="40">'
    else:
        face = f'<span class="initial" aria-hidden="true">{escape(person.name[:1])}</span>'
    return (
        f'<li><form method="post" action="{escape(action)}">'
        f'<button class="person" name="person" value="{person.sub}">{face}'
        f"<b>{escape(person.name)}</b><small>{escape(person.email)}</small>"
        f"</button></form></li>"
    )


def _page(title: str, body: str, base_url: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · sandbox</title>
<link rel="stylesheet" href="{escape(base_url)}/style.css">
</head>
<body>
<main>
<span class="tag">sandbox · this is not Google</span>
{body}
</main>
</body>
</html>
"""
