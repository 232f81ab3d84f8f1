"""The certificate of an erasure: what was done, signed by the house, naming nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from fluxgen import clock
from fluxgen.errors import Refused
from fluxgen.models import Erasure, Scope
from fluxgen.privacy import books
from fluxgen.privacy.remembering import house_key

KIND = "fluxgen erasure certificate"
VERSION = 1
SIZE_MAX = 20_000
WORDS = {
    Scope.ACCOUNT: "The account and everything that belonged to it.",
    Scope.ARCHIVE: "Every picture in the archive when this began, and what belonged to them.",
}


def compose(erasure: Erasure) -> str:
    """The signed document of an erasure, as text."""
    facts: dict[str, Any] = {
        "kind": KIND,
        "version": VERSION,
        "erasure": erasure.public_id,
        "scope": erasure.scope.value,
        "what": WORDS[erasure.scope],
        "asked_for_by": erasure.cause.value,
        "asked_at": _moment(erasure.asked_at),
        "began_at": _moment(erasure.began_at),
        "finished_at": _moment(clock.now()),
        "removed": dict(sorted(erasure.counts.items())),
        "kept": _kept(erasure),
    }
    return json.dumps({**facts, "signature": _signature(facts)}, indent=2)


def _kept(erasure: Erasure) -> dict[str, object]:
    """What stays of payments, and until when; of an emptied archive nothing does."""
    payments = books.payments(erasure.account_id)
    if erasure.scope is Scope.ARCHIVE or not payments:
        return {}
    year = books.kept_until(erasure.account_id)
    return {
        "payments": payments,
        "movements_of_credits": books.movements(erasure.account_id),
        "until": f"{year}-12-31",
        "why": "tax law; without the person",
    }


def verify(document: str) -> dict[str, Any]:
    """What a certificate of ours says. Raises `Refused`: it is none, or was changed."""
    try:
        inside = document[document.index("{") : document.rindex("}") + 1]
        facts = json.loads(inside[:SIZE_MAX], strict=False)  # a mail breaks its lines
        signature = facts.pop("signature")
        is_one = facts["kind"] == KIND and facts["version"] == VERSION
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("This is not a certificate of an erasure.") from None
    if not is_one:
        raise Refused("This is not a certificate of an erasure.")
    if not hmac.compare_digest(str(signature), _signature(facts)):
        raise Refused("This certificate was changed, or another house signed it.")
    return dict(_unbroken(facts))


def _signature(facts: dict[str, Any]) -> str:
    """Taken over the words with one space between, however their lines are broken."""
    text = json.dumps(_unbroken(facts), sort_keys=True, separators=(",", ":"))
    return hmac.new(house_key("erasure certificate"), text.encode(), hashlib.sha256).hexdigest()


def _unbroken(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {name: _unbroken(inner) for name, inner in value.items()}
    return value


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
