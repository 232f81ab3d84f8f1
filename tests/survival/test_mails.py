"""Workers are killed while they send: every account has exactly one mail all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import mails

pytestmark = [pytest.mark.xdist_group("survival"), pytest.mark.timeout(330)]


def test_whoever_is_killed_every_account_has_one_mail(tmp_path: Path) -> None:
    report = mails.run(tmp_path, accounts=300, kills=5)
    print("\n".join(report.lines()))
    assert report.violations == []
    assert report.kills == 5
