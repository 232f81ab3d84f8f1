"""What a run is asked for."""

from pathlib import Path

import pytest

from fluxgen.sandbox.plan import Plan, listen
from fluxgen.sandbox.run_folder import CannotRun


def test_nothing_given_pretends_everything(tmp_path: Path) -> None:
    plan = Plan.read(tmp_path, {})
    assert plan.instance == tmp_path / "instance"
    expected = "FluxGen is ready: http://localhost:8000  (sandboxes: Google, Replicate, Stripe)"
    assert plan.ready_line() == expected


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\nGOOGLE_CLIENT_ID=file\nREDIS_URL=redis://here\n")
    plan = Plan.read(tmp_path, {"PORT": "9001", "GOOGLE_CLIENT_ID": ""})
    assert plan.port == 9001
    assert plan.redis_url == "redis://here"
    assert plan.pretended == ("Replicate", "Stripe")


def test_production_pretends_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9000\n")
    plan = Plan.read(tmp_path, {"FLUXGEN_ENV": "production", "PUBLIC_URL": "https://flux.test"})
    assert plan.pretended == ()
    assert plan.port == 9000
    assert plan.host == "flux.test"
    assert plan.ready_line() == "FluxGen is ready: https://flux.test"


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536"])
def test_a_port_is_a_port(tmp_path: Path, port: str) -> None:
    with pytest.raises(CannotRun, match="PORT must be a number from 1 to 65535"):
        Plan.read(tmp_path, {"PORT": port})


def test_a_taken_port_names_the_way_out() -> None:
    with listen() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRun) as refusal:
            listen(port)
    assert str(refusal.value) == (
        f"Port {port} is taken. Set PORT to another one, e.g. PORT={port + 1} make run"
    )
