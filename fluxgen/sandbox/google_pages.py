"""The pages of the Google stand-in."""

from html import escape

from fluxgen.sandbox import pages
from fluxgen.sandbox.google_people import Person

STYLESHEET = (
    pages.STYLESHEET
    + """
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
"""
)


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
    return pages.page(title, "this is not Google", body, base_url)
