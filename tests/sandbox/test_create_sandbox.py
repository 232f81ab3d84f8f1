"""Starting the sandbox, and its first page."""

import httpx
import pytest

from fluxgen.sandbox import SandboxRefused, create_sandbox
from fluxgen.sandbox.replicate_fate import TRIGGER_WORDS


@pytest.mark.parametrize("name", ["production", "Production "])
def test_it_never_starts_in_production(name: str) -> None:
    with pytest.raises(SandboxRefused, match="never starts"):
        create_sandbox({"FLUXGEN_ENV": name})


@pytest.mark.parametrize(
    "environ",
    [
        {"SANDBOX_PACE": "fast"},
        {"SANDBOX_PACE": "-1"},
        {"SANDBOX_PAINTER": "van gogh"},
        {"SANDBOX_FAULTS": "["},
        {"SANDBOX_FAULTS": "[]"},
    ],
)
def test_a_wrong_option_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(SandboxRefused):
        create_sandbox(environ)


def test_faults_come_from_the_environment() -> None:
    sandbox = create_sandbox({"SANDBOX_FAULTS": '{"create_error": 2}'})
    assert sandbox.replicate.faults.create_error == 2


def test_the_first_page_says_what_it_is_and_lists_the_trigger_words(http: httpx.Client) -> None:
    page = http.get("/").text
    assert "Nothing here is Google, Replicate" in page
    assert all(word in page for word in TRIGGER_WORDS)


def test_health(http: httpx.Client) -> None:
    assert http.get("/healthz").status_code == 200
    assert http.get("/nothing").status_code == 404
