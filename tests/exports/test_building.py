"""What is in an export: everything that the map marks, pictures, pages, the statement."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fluxgen import adapters, archive, audit, exports
from fluxgen.adapters.uploads_in_parts import PART_BYTES
from fluxgen.db import transaction
from fluxgen.models import Account, Export, ExportStatus, Generation, Image, Session
from fluxgen.sandbox import Sandbox
from tests.house.test_export_schema import schema
from tests.support import life
from tests.support.buying import bought
from tests.support.exporting import built, finished, opened
from tests.support.making import Visit, latest, make
from tests.support.workers import Workers


@pytest.mark.both_databases
def test_it_holds_pictures_words_and_what_was_chosen(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt="a lighthouse <b>at dusk</b>", count="2")
    client.post(f"/generations/{generation.public_id}/favourite")
    export = built(alice, workers)
    assert export.status is ExportStatus.READY
    opened_ = opened(export)
    assert opened_.zip.testzip() is None
    (row,) = opened_.document["generations"]
    assert row["prompt"] == "a lighthouse <b>at dusk</b>"
    assert row["favourite_at"]
    kept = Image.select().where(Image.generation == generation).order_by(Image.position)
    for image, listed in zip(kept, row["images"], strict=True):
        key = archive.key(latest(generation), image.position, "original")
        assert opened_.zip.read(listed["file"]) == adapters.current().storage.get(key)
        assert listed["thumbnail"] in opened_.zip.namelist()
    assert "a lighthouse &lt;b&gt;at dusk&lt;/b&gt;" in opened_.text("index.html")


@pytest.mark.both_databases
def test_the_json_follows_the_schema_and_can_be_had_alone(
    visit: Visit, alice: Account, sandbox: Sandbox, workers: Workers
) -> None:
    bought(sandbox, alice)
    make(visit(alice), workers)
    collection = archive.collections.create(alice, "Lighthouses")
    archive.collections.put_in(collection, [Generation.get().public_id])
    export = built(alice, workers)
    opened_ = opened(export)
    Draft202012Validator(schema()).validate(opened_.document)
    assert opened_.document["collection_items"][0]["collection"] == collection.public_id
    assert opened_.document["collection_items"][0]["generation"] == Generation.get().public_id
    answer = visit(alice).get(f"/account/exports/{export.public_id}/json")
    assert answer.data == opened_.zip.read("fluxgen.json")
    assert json.loads(opened_.text("schema-1.json")) == schema()


def test_nobody_elses_things_are_in_it(
    visit: Visit, alice: Account, bob: Account, mallory: Account, workers: Workers
) -> None:
    life.done(mallory, prompt="mallory's own marker-7f3a9c")
    make(visit(alice), workers)
    opened_ = opened(built(alice, workers))
    everything = b"".join(opened_.zip.read(name) for name in opened_.zip.namelist())
    for private in (b"marker-7f3a9c", mallory.email.encode(), bob.email.encode()):
        assert private not in everything
    assert alice.email.encode() in everything
    for secret in (alice.identity, *[row.token_hash for row in Session.select()]):
        assert secret.encode() not in everything


def test_the_statement_proves_itself(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    make(visit(alice), workers)
    opened_ = opened(built(alice, workers))
    assert opened_.text("statement/fluxgen-credits.csv") == visit(alice).get("/credits.csv").text
    opened_.zip.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / "statement"
    ran = subprocess.run(
        [sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert "3 entries, nothing changed, nothing missing" in ran.stdout
    csv = folder / "fluxgen-credits.csv"
    csv.write_text(csv.read_text().replace(",Welcome,", ",Goodbye,"))
    ran = subprocess.run(
        [sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1 and "was changed" in ran.stderr


def test_its_program_is_the_one_that_the_docs_explain() -> None:
    root = Path(exports.__file__).parents[2]
    program = (root / "fluxgen" / "data" / "export" / "check.txt").read_text()
    assert f"```python\n{program}```" in (root / "docs" / "statement.md").read_text()


def test_an_operators_look_is_in_it(alice: Account, workers: Workers) -> None:
    with transaction(), audit.acting("operator root"):
        audit.record(
            "generations.open", subject=alice.public_id, reason="asked by mail", facts={"n": 1}
        )
        audit.record("generations.open", subject="A" * 22, reason="other", facts={})
    rows = opened(built(alice, workers)).document["audit_rows"]
    assert [(row["reason"], row["actor"]) for row in rows] == [("asked by mail", "operator")]


def test_a_picture_that_cannot_be_read_is_named(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    gone, bent, kept = (make(visit(alice), workers, prompt=f"fox {n}") for n in range(3))
    store = adapters.current().storage
    store.delete([archive.key(gone, 0, "original")])
    store.put(archive.key(bent, 0, "original"), b"bent", "image/webp")
    store.delete([archive.key(kept, 0, "640")])
    export = built(alice, workers)
    opened_ = opened(export)
    by_number = {row["number"]: row["images"][0] for row in opened_.document["generations"]}
    assert by_number[gone.number]["missing"] == "missing"
    assert by_number[bent.number]["missing"] == "damaged"
    assert by_number[kept.number]["missing"] is None and by_number[kept.number]["file"]
    assert opened_.document["missing_pictures"] == export.missing == 2
    assert opened_.text("index.html").count("Missing.") == 2
    assert (
        "2 pictures could not be read"
        in visit(alice).get(f"/account/exports/{export.public_id}").text
    )


def test_what_comes_or_goes_meanwhile_leaves_it_whole(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.exports.STEP_S", 0)
    monkeypatch.setattr("fluxgen.jobs.exports.contents.GENERATIONS_AT_A_TIME", 1)
    made = [life.done(alice, prompt=f"fox {n}") for n in range(4)]
    export = exports.begin(alice)
    while Export.get_by_id(export.id).done < 2:
        workers.step()
    archive.delete(latest(made[0]))
    life.done(alice, prompt="too late")
    rows = opened(finished(export, workers)).document["generations"]
    assert [row["prompt"] for row in rows] == ["fox 3", "fox 2", "fox 1"]


def test_many_pictures_are_pages(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.exports.pages.PAGE", 2)
    monkeypatch.setattr("fluxgen.jobs.exports.contents.STATEMENT_PAGE", 4)
    for n in range(5):
        life.done(alice, prompt=f"fox {n}")
    opened_ = opened(built(alice, workers))
    first, second, third = (
        opened_.text(name)
        for name in ("index.html", "archive/pictures-2.html", "archive/pictures-3.html")
    )
    assert "fox 4" in first and "fox 3" in first and 'href="archive/pictures-2.html"' in first
    assert "fox 2" in second and 'href="../index.html"' in second
    assert "fox 0" in third and "Older pictures" not in third
    assert "archive/statement-3.html" in opened_.zip.namelist()
    assert "archive/statement-4.html" not in opened_.zip.namelist()


def test_an_account_with_nothing_has_an_export_too(bob: Account, workers: Workers) -> None:
    opened_ = opened(built(bob, workers))
    assert opened_.document["generations"] == []
    assert "There are no pictures" in opened_.text("index.html")
    Draft202012Validator(schema()).validate(opened_.document)


def test_one_of_several_parts_is_whole(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = make(visit(alice), workers)
    large = b"x" * (PART_BYTES + 100)
    image = Image.get(Image.generation == generation)
    image.size_bytes, image.sha256 = len(large), hashlib.sha256(large).hexdigest()
    image.save()
    adapters.current().storage.put(archive.key(generation, 0, "original"), large, "image/webp")
    opened_ = opened(built(alice, workers))
    assert opened_.zip.testzip() is None
    assert opened_.zip.read(opened_.document["generations"][0]["images"][0]["file"]) == large
