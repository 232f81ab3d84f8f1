"""Lighthouse's own scores of four pages, as a phone of the middle class sees them: `make bench`.

The house is the one of `make run`, the program is npm's, pinned with everything it needs in
`benchmarks/lighthouse-lock` and installed into `.venv/node`; Chromium is the one of
the tests. The numbers of the last run are kept in `benchmarks/lighthouse.json`.

Lighthouse slows its processor down four times, which makes a phone of a fast desk; a machine that
is slower, or busy with other things, is slowed down less, as Lighthouse's guide to its throttling
says. How fast it is comes from Lighthouse's own index, and stands beside the numbers.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparison
from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen.sandbox.run_folder import CannotRun, until
from fluxgen.sandbox.supervisor import ROOT
from tests.support.chromium import find

LOCK = Path(__file__).parent / "lighthouse-lock"
INSTALLED = ROOT / ".venv" / "node" / "lighthouse"
REPORT = Path(__file__).parent / "lighthouse.json"
INSTALL_TIMEOUT_S, RUN_TIMEOUT_S, READY_TIMEOUT_S = 300.0, 300.0, 300.0
ROUNDS = 3
"""Of several runs the one with the median performance counts, as Lighthouse itself advises."""
TRIES_MAX = 4
"""At times Lighthouse loses the beginning of its own recording, and says to run it again."""
SLOWDOWN_MAX, INDEX_OF_A_PHONE = 4.0, 400.0
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
    person: str = ""
    """Whose it is; empty where it is for everybody."""


PAGES = (
    Page("landing", "/"),
    Page(f"studio, {TOGETHER} pictures", "/studio", "ben"),
    Page(f"history, {PICTURES} pictures", "/history", "ada"),
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
        Visitor(house.url, "ben") as ben,
    ):
        _fill(ada.sign_in(), PICTURES)
        _fill(ben.sign_in(), TOGETHER)
        cookies = {
            each.name: "; ".join(f"{name}={value}" for name, value in each.http.cookies.items())
            for each in (ada, ben)
        }
        run = Run(program, chromium, house.url, cookies)
        run.calibrate(PAGES[0])
        reports = {page.name: run.median(page) for page in PAGES}
    numbers = {name: _numbers(one) for name, one in reports.items()}
    REPORT.write_text(json.dumps(numbers, indent=2) + "\n")
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


def _fill(visitor: Visitor, pictures: int) -> None:
    """An archive of so many pictures. Raises `CannotRun`."""
    ids = [
        visitor.ask_for(f"Dunes at first light, the {number}. time", count=TOGETHER)
        for number in range(pictures // TOGETHER)
    ]
    if not until(lambda: all(_has_arrived(visitor, id_) for id_ in ids), READY_TIMEOUT_S):
        raise CannotRun("The pictures did not arrive.")


def _has_arrived(visitor: Visitor, public_id: str) -> bool:
    return "/original" in visitor.http.get(f"/generations/{public_id}").text


@dataclass
class Run:
    """Lighthouse over one house; `cookies` are the people's, by name."""

    program: Sequence[str]
    chromium: str
    url: str
    cookies: Mapping[str, str]
    slowdown: float = SLOWDOWN_MAX

    def calibrate(self, page: Page) -> None:
        """Slow this machine down to a phone, whatever it is."""
        index = float(self._report(page)["environment"]["benchmarkIndex"])
        self.slowdown = round(min(SLOWDOWN_MAX, max(1.0, index / INDEX_OF_A_PHONE)), 1)

    def median(self, page: Page) -> dict[str, Any]:
        """The report in the middle of several, by performance."""
        reports = [self._report(page) for _ in range(ROUNDS)]
        return sorted(reports, key=lambda one: _score(one, "performance"))[ROUNDS // 2]

    def _report(self, page: Page) -> dict[str, Any]:
        for _ in range(TRIES_MAX):
            report = self._run(page)
            if "runtimeError" not in report:
                break
        if report["finalDisplayedUrl"] != self.url + page.path:
            raise CannotRun(f"{page.path} led to {report['finalDisplayedUrl']}")
        return report

    def _run(self, page: Page) -> dict[str, Any]:
        words = [*self.program, self.url + page.path, "--quiet", "--output=json"]
        words += [f"--only-categories={','.join(TARGETS)}", "--max-wait-for-load=60000"]
        words.append(f"--throttling.cpuSlowdownMultiplier={self.slowdown}")
        words.append("--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage")
        if page.person:
            headers = json.dumps({"Cookie": self.cookies[page.person]})
            words += [f"--extra-headers={headers}", "--skip-audits=is-crawlable"]
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "report.json"
            subprocess.run(
                [*words, f"--output-path={written}"],
                check=False,
                capture_output=True,
                timeout=RUN_TIMEOUT_S,
                env={**os.environ, "CHROME_PATH": self.chromium},
            )
            report: dict[str, Any] = json.loads(written.read_text())
        return report


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
        "machine": {
            "index": round(report["environment"]["benchmarkIndex"]),
            "slowed down": report["configSettings"]["throttling"]["cpuSlowdownMultiplier"],
        },
    }


def _compared(name: str, category: str, report: dict[str, Any]) -> Comparison:
    score = _score(report, category)
    numbers = _numbers(report)
    measures = numbers["measures"] | {"slowed down": numbers["machine"]["slowed down"]}
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
