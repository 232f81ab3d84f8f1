"""Lighthouse's own scores of four pages, as a phone of the middle class sees them: `make bench`.

The house is the one of `make run`, the program is npm's, pinned with everything it needs in
`benchmarks/lighthouse-lock` and installed into `.venv/node`; Chromium is the one of
the tests. The numbers are kept in `test-results/lighthouse.json`.

Pages of people are not for search engines and say so. The audit that asks whether they may be
found is left out for them alone; everything else that SEO asks is asked of them, too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparison
from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen.sandbox.run_folder import CannotRun
from fluxgen.sandbox.supervisor import ROOT
from tests.support.chromium import find

LOCK = Path(__file__).parent / "lighthouse-lock"
INSTALLED = ROOT / ".venv" / "node" / "lighthouse"
REPORT = ROOT / "test-results" / "lighthouse.json"
INSTALL_TIMEOUT_S, RUN_TIMEOUT_S, READY_TIMEOUT_S = 300.0, 300.0, 300.0
ROUNDS = 3
"""Of several runs the one with the median performance counts, as Lighthouse itself advises."""
PICTURES, TOGETHER = 60, 4
SETTINGS = {
    "SANDBOX_PACE": "0.1",
    "POLL_S": "0.5",
    "SWEEP_S": "0.5",
    "WELCOME_CREDITS": "1000",
    "GENERATIONS_A_MINUTE": "1000",
}
TARGETS = {"performance": 0.95, "accessibility": 1.0, "best-practices": 1.0, "seo": 1.0}
METRICS = {
    "first-contentful-paint": "FCP ms",
    "largest-contentful-paint": "LCP ms",
    "total-blocking-time": "TBT ms",
    "cumulative-layout-shift": "CLS",
    "speed-index": "Speed Index ms",
    "total-byte-weight": "bytes",
}


@dataclass(frozen=True)
class Page:
    """A page to be judged."""

    name: str
    path: str
    is_private: bool = False


PAGES = (
    Page("landing", "/"),
    Page("studio", "/studio", is_private=True),
    Page(f"history, {PICTURES} pictures", "/history", is_private=True),
    Page("journal post", "/journal/what-a-look-is"),
)


def measured() -> list[Comparison]:
    """Each page's four scores against the best there is; empty where it cannot be run."""
    chromium = find()
    program = _program()
    if chromium is None or program is None:
        print("Lighthouse is not run: it needs Chromium, Node 18.16 or newer, and npm.")
        return []
    with (
        tempfile.TemporaryDirectory(prefix="fluxgen-lighthouse-") as folder,
        House(Path(folder), workers=1, settings=SETTINGS) as house,
        Visitor(house.url, "ada") as ada,
    ):
        _fill(ada.sign_in())
        cookie = "; ".join(f"{name}={value}" for name, value in ada.http.cookies.items())
        reports = {
            page.name: _median(
                [_run(program, chromium, house, page, cookie) for _ in range(ROUNDS)]
            )
            for page in PAGES
        }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps({name: _numbers(one) for name, one in reports.items()}, indent=2))
    return [
        _compared(name, category, report)
        for name, report in reports.items()
        for category in TARGETS
    ]


def _program() -> list[str] | None:
    """How it is started; installed where it is not there yet."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    started = INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not started.exists():
        print("Installing Lighthouse ...", flush=True)
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, INSTALLED / name)
        words = [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(words, cwd=INSTALLED, check=True, timeout=INSTALL_TIMEOUT_S)
    return [node, str(started)]


def _fill(visitor: Visitor) -> None:
    """An archive of so many pictures. Raises `CannotRun`."""
    ids = [
        visitor.ask_for(f"Dunes at first light, the {number}. time", count=TOGETHER)
        for number in range(PICTURES // TOGETHER)
    ]
    give_up = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < give_up:
        if all("/original" in visitor.http.get(f"/generations/{id_}").text for id_ in ids):
            return
        time.sleep(1)
    raise CannotRun("The pictures did not arrive.")


def _run(
    program: Sequence[str], chromium: str, house: House, page: Page, cookie: str
) -> dict[str, Any]:
    """One report."""
    words = [*program, house.url + page.path, "--quiet", "--output=json"]
    words += [f"--only-categories={','.join(TARGETS)}", "--max-wait-for-load=60000"]
    words.append("--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage")
    if page.is_private:
        words += [f"--extra-headers={json.dumps({'Cookie': cookie})}", "--skip-audits=is-crawlable"]
    answer = subprocess.run(
        words,
        check=True,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
        env={**os.environ, "CHROME_PATH": chromium},
    )
    report: dict[str, Any] = json.loads(answer.stdout)
    if report["finalDisplayedUrl"] != house.url + page.path:
        raise CannotRun(f"{page.path} led to {report['finalDisplayedUrl']}")
    return report


def _median(reports: list[dict[str, Any]]) -> dict[str, Any]:
    return sorted(reports, key=lambda one: _score(one, "performance"))[len(reports) // 2]


def _score(report: dict[str, Any], category: str) -> float:
    return float(report["categories"][category]["score"] or 0)


def _numbers(report: dict[str, Any]) -> dict[str, Any]:
    """What is worth keeping of a report: scores, measures, and audits that were not passed."""
    audits = report["audits"]
    failed = {
        name: audit["title"]
        for name, audit in audits.items()
        if audit["score"] is not None
        and audit["score"] < 1
        and audit["scoreDisplayMode"] == "binary"
    }
    return {
        "scores": {category: round(_score(report, category) * 100) for category in TARGETS},
        "measures": {
            title: round(audits[name]["numericValue"], 3) for name, title in METRICS.items()
        },
        "not passed": failed,
        "lighthouse": report["lighthouseVersion"],
    }


def _compared(name: str, category: str, report: dict[str, Any]) -> Comparison:
    score = _score(report, category)
    measures = _numbers(report)["measures"]
    words = ", ".join(f"{title} {value:g}" for title, value in measures.items())
    return Comparison(
        name=f"Lighthouse, {name}: {category}",
        ours=score * 100,
        baseline=100,
        unit="points",
        ratio=score,
        target=TARGETS[category],
        higher_is_better=True,
        remark=f"Lighthouse, {name}: {words}" if category == "performance" else "",
    )


if __name__ == "__main__":
    for comparison in measured():
        print("  ".join(comparison.row()))
    sys.exit(0)
