"""Two numbers that were measured in one run, and what they are to each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """Ours against a baseline; `unit` is what both are measured in."""

    name: str
    ours: float
    baseline: float
    unit: str
    ratio: float
    target: float
    higher_is_better: bool
    remark: str = ""

    @property
    def is_reached(self) -> bool:
        if self.higher_is_better:
            return self.ratio >= self.target
        return self.ratio <= self.target

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        sign = "≥" if self.higher_is_better else "≤"
        return (
            self.name,
            f"{self.ours:.1f} {self.unit}",
            f"{self.baseline:.1f} {self.unit}",
            f"{self.ratio:.2f}",
            f"{sign} {self.target:g}",
            "yes" if self.is_reached else "NO",
        )
