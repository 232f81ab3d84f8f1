"""Asking for a picture with a reference image, over HTTP."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from fluxgen.models import Account, Generation
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_files import StoredFile
from tests.support.cast import Browser, order
from tests.support.photographs import photograph


def with_picture(data: bytes | None = None, name: str = "me.jpg", **changes: Any) -> dict[str, Any]:
    """The studio's form with a picture, for a model that takes one; nobody is in it."""
    picture = photograph() if data is None else data
    return {
        **order(model="flux-2-klein", tier="draft", reference_person="no"),
        "reference": FileStorage(io.BytesIO(picture), name),
        **changes,
    }


def send(
    client: Browser, form: dict[str, Any], address: str = "/generations", **options: Any
) -> TestResponse:
    """Post the form as a browser does. Werkzeug's own client would put large ones on disk."""
    boundary, body = encode_multipart(form)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(address, data=body, content_type=kind, **options)


def refer(client: Browser, **changes: Any) -> Generation:
    """Send it; the generation that came of it, not begun."""
    answer = send(client, with_picture(**changes))
    assert answer.status_code == 303, answer.text
    return Generation.get(Generation.public_id == answer.location.rpartition("/")[2])


def files(sandbox: Sandbox) -> list[StoredFile]:
    """What lies in the provider's file store, newest first."""
    return sandbox.replicate.files.newest_first()


def nothing_held(account: Account) -> bool:
    return Generation.select().count() == 0 and Account.get_by_id(account.id).held == 0
