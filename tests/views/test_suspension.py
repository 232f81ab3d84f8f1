"""Whoever is suspended is told what to do, and shown no door that is shut."""

from __future__ import annotations

import pytest

from fluxgen import settings as house_settings
from fluxgen.models import Account, Session, Standing
from fluxgen.settings import Settings
from tests.support import signing_in
from tests.support.making import Visit
from tests.support.pages import parse


@pytest.mark.parametrize("address", ["help@fluxgen.test", ""])
def test_a_suspended_person_is_told_whom_to_write_to(
    visit: Visit, settings: Settings, address: str
) -> None:
    """In a browser that is still signed in, and at the next sign-in, which opens nothing."""
    house_settings.use(settings.model_copy(update={"support_email": address}))
    client = visit(None)
    signing_in.sign_up(client)
    Account.update(standing=Standing.SUSPENDED).execute()
    for answer in (client.get("/studio"), signing_in.come_back(client)):
        assert answer.status_code == 403
        assert "This account is suspended. A mail from us says why." in answer.text
        assert f"write to {address or 'us'}." in answer.text
        acts = [link["href"] for link in parse(answer.text).all("a", css="button--line")]
        assert acts == ["/", "/contact"]
    assert Session.select().count() == 0
    assert signing_in.token(client) is None
