"""A reference image is handed to nobody for what cannot be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen.models import Account
from fluxgen.sandbox import Sandbox
from tests.jobs.course import faults
from tests.support.making import Visit
from tests.support.referring import send, with_picture


@pytest.mark.parametrize(
    ("numbers", "form", "status"),
    [
        ({"available": 0}, {}, 402),
        ({"available": 0, "owed": 3}, {}, 402),
        ({"daily_limit_credits": 1}, {}, 422),
        ({}, {"nonce": "n" * 65}, 422),
        ({}, {"nonce": ""}, 422),
    ],
    ids=["credits", "debt", "own limit", "long nonce", "no nonce"],
)
def test_what_cannot_be_asked_for_is_not_handed_over_at_all(
    visit: Visit,
    alice: Account,
    sandbox: Sandbox,
    numbers: dict[str, int],
    form: dict[str, Any],
    status: int,
) -> None:
    faults(sandbox, down=1.0)  # 503 where it was asked
    if numbers:
        Account.update(**numbers).where(Account.id == alice.id).execute()
    answer = send(visit(alice), with_picture(**form))
    assert answer.status_code == status, answer.text
