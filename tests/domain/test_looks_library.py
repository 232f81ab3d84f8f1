"""Versions: live ones never change, retired ones still explain; and what the check finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxgen import looks
from fluxgen.assets import STATIC
from fluxgen.errors import Refused
from fluxgen.looks import checking, library
from tests.support.shelf import Shelf
from tests.support.shelf import shelf as shelf_

LAUNCH = {
    *("window-light", "bench-shot", "field-plate", "late-counter", "two-inks", "paper-stage"),
    *("cutaway", "rain-carriage", "repeat", "felt-friend", "before-breakfast", "small-sign"),
}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    with shelf_(tmp_path, monkeypatch) as shelf:
        yield shelf


def test_all_twelve_are_on_offer_sorted_by_job() -> None:
    assert {look.slug for look in looks.offered()} >= LAUNCH
    jobs = list(looks.gallery())
    assert jobs == [job for job in looks.JOBS if job in jobs]
    assert len(jobs) == len(looks.JOBS)


def test_our_own_looks_have_nothing_wrong() -> None:
    assert checking.complaints(STATIC) == []


def test_every_version_that_went_live_is_as_it_was() -> None:
    for name, known in library.register().items():
        assert library.sha256(library.DATA / f"{name}.toml") == known["sha256"], name


def test_all_eight_kinds_of_slot_are_used() -> None:
    used = {slot.kind for look in looks.offered() for slot in look.slots}
    assert used == set(looks.Kind)


@pytest.mark.parametrize(
    ("slug", "version", "field"),
    [
        ("nothing", None, "look"),
        ("../window-light", None, "look"),
        ("nothing", 1, "look"),
        ("window-light", 99, "look_version"),
        ("window-light", 0, "look_version"),
    ],
)
def test_what_we_do_not_have_is_refused(slug: str, version: int | None, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        looks.find(slug, version)
    assert refusal.value.field == field


def test_a_retired_version_still_explains_and_composes(shelf: Shelf) -> None:
    before = looks.find("cutaway")
    values = before.samples[0].values
    text = looks.compose(before, values)
    shelf.revise("cutaway", "Cutaway of {object}", "Section through {object}")
    assert looks.find("cutaway").version == 2
    assert looks.compose(looks.find("cutaway"), values).startswith("Section through")
    assert looks.compose(looks.find("cutaway", 1), values) == text
    assert looks.find("cutaway", 1).status is looks.Status.RETIRED
    assert [look.version for look in looks.offered() if look.slug == "cutaway"] == [2]
    assert looks.explain("cutaway", 1, values) == [
        ("Object", "a mechanical alarm clock"),
        ("How it is opened", "quarter removed"),
        ("Manner", "workshop drawing"),
        ("Marks", "numbered dots"),
        ("Crew", "none"),
        ("Ground", "paper white"),
    ]


def test_an_explanation_names_what_was_left_empty(shelf: Shelf) -> None:
    answers = {"motif": "figs", "density": "airy", "with": None, "ground": None}
    shown = dict(looks.explain("repeat", 1, answers))
    assert (shown["Motif"], shown["With"], shown["Ground"]) == ("figs", "nothing else", "empty")
    person = dict(looks.explain("window-light", 1, {"reference": True, "wall": {"other": "tiles"}}))
    assert person["A picture of the person"] == "attached, not kept"
    assert person["Wall"] == "tiles"


def test_a_draft_is_not_on_offer(shelf: Shelf) -> None:
    (shelf.folder / "versions.toml").write_text("")
    shelf.reread()
    assert looks.gallery() == {}
    with pytest.raises(Refused):
        looks.find("cutaway")
    with pytest.raises(Refused):
        looks.find("cutaway", 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Cutaway of", "Section of", "went live and was changed since"),
        ('job = "explain"', 'job = "marketing"', "nobody has the job marketing"),
        ('ratios = ["3:2"', 'ratios = ["7:1"', "does not make 7:1"),
        ('studio = "flux-2-pro"', 'studio = "flux-9"', "flux-9 is not in the catalogue"),
        ('studio = "flux-2-pro"', 'studio = "flux-schnell"', "not in the catalogue at studio"),
        ("[, {marks}]", "[, {mark}]", "the template asks for mark, which is no slot"),
        ("[, {marks}]", ", {marks}", "marks may be empty and stands outside of [ ]"),
        ("[, {marks}]", "", "slot marks: its answer is never printed"),
        ("[, {marks}]", "[, {marks}", "unreadable"),
        ('"small numbered dots on', '"thin leader lines that end in nothing"], #', "two options"),
        ('label = "Object"', 'label = "Object"\nsize = 1', "unreadable"),
        ('type = "text"', 'type = "essay"', "unreadable"),
        ("believable inner parts", "believable " * 60, "900 is the most"),
        ("#f6f3ea", "white", "a swatch is no #rrggbb"),
        ('examples = ["a mechanical', "examples = []\n#", "shuffle has no example"),
        ("required = true", "required = false", "one answer has to be required"),
        ('draft = "flux-schnell", ', "", "no draft at 3:2"),
    ],
)
def test_the_check_finds_what_an_editor_got_wrong(
    shelf: Shelf, old: str, new: str, words: str
) -> None:
    shelf.edit("cutaway", old, new)
    found = checking.complaints(STATIC)
    assert [line for line in found if words in line], found
    assert all(line.startswith("cutaway/1: ") for line in found), found


def test_the_check_misses_samples(shelf: Shelf, tmp_path: Path) -> None:
    missing = checking.complaints(tmp_path)
    assert len(missing) == sum(len(look.samples) for look in looks.offered())
    (shelf.folder / "cutaway" / "samples-1.toml").unlink()
    assert "cutaway/1: has 0 samples; 6 is the least" in checking.complaints(STATIC)


def test_a_sample_has_to_fit_its_own_version(shelf: Shelf) -> None:
    samples = shelf.folder / "cutaway" / "samples-1.toml"
    samples.write_text(samples.read_text().replace('"lifted lid"', '"blown up"'))
    shelf.reread()
    (line,) = checking.complaints(STATIC)
    assert line.startswith("cutaway/1: unreadable") and "Choose one of these" in line


def test_a_version_that_went_live_cannot_be_thrown_away(shelf: Shelf) -> None:
    shelf.path("cutaway").unlink()
    assert checking.complaints(STATIC) == ["cutaway/1: went live and is gone"]


def test_only_one_version_of_a_look_is_live(shelf: Shelf) -> None:
    shelf.revise("cutaway", "Cutaway of {object}", "Section through {object}")
    register = shelf.folder / "versions.toml"
    register.write_text(register.read_text().replace("retired", "live"))
    shelf.reread()
    assert "cutaway: 2 versions are live" in checking.complaints(STATIC)
