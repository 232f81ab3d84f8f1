"""What comes with the studio's form beside the wishes: its nonce."""

from __future__ import annotations

import pytest

from fluxgen.models import Account, Generation
from tests.support.cast import order
from tests.support.making import Visit
from tests.support.pages import parse


@pytest.mark.parametrize("nonce", ["rerun:mine", "retry:mine:0", ":"])
def test_a_nonce_that_only_the_house_gives_is_none(
    visit: Visit, alice: Account, nonce: str
) -> None:
    answer = visit(alice).post("/generations", data=order(nonce=nonce))
    assert answer.status_code == 422
    assert "out of date" in parse(answer.text).by_id("form-error").words
    assert Generation.select().count() == 0
