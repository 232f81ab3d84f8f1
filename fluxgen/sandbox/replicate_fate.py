"""How one prediction will end: decided when it is created, by switches or words in its prompt."""

from dataclasses import dataclass, replace
from typing import Literal

from fluxgen.sandbox.replicate_faults import Faults

UNKNOWN_STATUS = "warming"
UNKNOWN_FOR_S = 4.0
SLOWER_BY_S = 30.0

TRIGGER_WORDS = {
    "[fail]": "the prediction fails with an error",
    "[blocked]": "the safety filter stops it",
    "[nothing]": "it succeeds without any picture",
    "[slow]": f"it takes {SLOWER_BY_S:.0f} seconds longer",
    "[lost]": "it is created, but the answer to creating it is an error 500",
    "[expired]": "its files are gone the moment it succeeds",
    "[not a picture]": "its file is a web page, not a picture",
    "[unknown]": f"it reports the status word “{UNKNOWN_STATUS}” for a while",
}
"""What a person may write into a prompt to see an ending, without any switch."""

FAILED = "Prediction interrupted; please retry (code: PA)"
BLOCKED_OPEN = (
    "All generated images contained NSFW content. Try running it again with a different prompt."
)
BLOCKED_PRO = (
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
)


@dataclass(frozen=True)
class Fate:
    """An ending, and what its output and files look like."""

    ending: Literal["succeeded", "failed", "aborted"] = "succeeded"
    error: str | None = None
    output: Literal["whole", "null", "empty", "fewer", "swapped"] = "whole"
    files: Literal["picture", "page", "huge", "truncated"] = "picture"
    is_expired: bool = False
    unknown_for_s: float = 0.0
    slower_by_s: float = 0.0


def decide(faults: Faults, prompt: str, *, open_weights: bool) -> Fate:
    """Draw the fate of a new prediction. Words in the prompt win over switches."""
    written = prompt.lower()
    if "[fail]" in written or faults.strikes("predict_fail"):
        return Fate(ending="failed", error=FAILED)
    if "[blocked]" in written or faults.strikes("predict_nsfw"):
        return Fate(ending="failed", error=BLOCKED_OPEN if open_weights else BLOCKED_PRO)
    if faults.strikes("predict_abort"):
        return Fate(ending="aborted")
    fate = _spoilt_output(faults, written)
    if "[slow]" in written or faults.strikes("predict_slow"):
        fate = replace(fate, slower_by_s=SLOWER_BY_S)
    if "[unknown]" in written or faults.strikes("predict_unknown_status"):
        fate = replace(fate, unknown_for_s=UNKNOWN_FOR_S)
    return fate


def is_lost(faults: Faults, prompt: str) -> bool:
    """Whether the answer to creating is an error although the prediction exists."""
    return "[lost]" in prompt.lower() or faults.strikes("create_lost")


def _spoilt_output(faults: Faults, written: str) -> Fate:
    if "[nothing]" in written or faults.strikes("output_null"):
        return Fate(output="null")
    if "[expired]" in written or faults.strikes("output_expired"):
        return Fate(is_expired=True)
    if "[not a picture]" in written or faults.strikes("output_not_image"):
        return Fate(files="page")
    if faults.strikes("output_empty"):
        return Fate(output="empty")
    if faults.strikes("output_fewer"):
        return Fate(output="fewer")
    if faults.strikes("output_swapped"):
        return Fate(output="swapped")
    if faults.strikes("output_huge"):
        return Fate(files="huge")
    if faults.strikes("output_truncated"):
        return Fate(files="truncated")
    return Fate()
