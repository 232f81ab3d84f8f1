"""`python -m benchmarks`: every comparison, both sides in one run, as a table."""

from __future__ import annotations

import sys

from benchmarks import archive, exporting, fairness, ledger, lighthouse, polling, waiting, zipping

MEASURES = (waiting.measure, fairness.measure, exporting.measure)
HEAD = ("name", "ours", "baseline", "ratio", "target", "reached")


def main() -> int:
    """Measure and print; 1 when a target is missed."""
    found = [*polling.measured(), *(measure() for measure in MEASURES)]
    found += ledger.compared()
    found += archive.measured()
    found.append(zipping.measure())
    found += lighthouse.measured()
    rows = [HEAD, *(comparison.row() for comparison in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
    for comparison in found:
        if comparison.remark:
            print(comparison.remark)
    return 0 if all(comparison.is_reached for comparison in found) else 1


if __name__ == "__main__":
    sys.exit(main())
