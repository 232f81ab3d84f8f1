"""The journal: posts with their day, drafts hidden, a feed that readers can read."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from fluxgen import journal
from fluxgen.assets import STATIC
from tests.support.making import Visit

FIRST = ("how-the-promises-are-kept", "what-a-look-is", "what-fluxgen-is")
DRAFT = "new-privacy-page-and-terms"


def test_the_index_lists_posts_newest_first_and_no_drafts(visit: Visit) -> None:
    text = visit(None).get("/journal").text
    slugs = re.findall(r'<h2><a href="/journal/([\w-]+)"', text)
    assert tuple(slugs) == FIRST
    assert DRAFT not in text


def test_the_landing_page_lists_the_newest_with_day_and_minutes(visit: Visit) -> None:
    text = visit(None).get("/").text
    listed = text.partition('<ol class="landing__journal">')[2].partition("</ol>")[0]
    assert tuple(re.findall(r'<a href="/journal/([\w-]+)"', listed)) == FIRST
    assert len(re.findall(r'<time class="fact" datetime="\d{4}-\d\d-\d\d">', listed)) == 3
    assert len(re.findall(r"\d+ min<", listed)) == 3
    assert '<a href="/promises">The promises, measured</a>' in text


@pytest.mark.parametrize("slug", FIRST)
def test_a_post_is_there_with_its_pictures(visit: Visit, slug: str) -> None:
    client = visit(None)
    text = client.get(f"/journal/{slug}").text
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)" width="(\d+)" height="(\d+)"', text)
    assert len(pictures) == text.count("<figure>") >= 1
    for address, alt, *_ in pictures:
        assert client.get(address).status_code == 200
        assert len(alt) > 20
    for address in set(re.findall(r'<a href="(/[^"]*)"', text)):
        assert client.get(address).status_code in {200, 302, 303}, address


def test_a_draft_is_not_there(visit: Visit) -> None:
    assert visit(None).get(f"/journal/{DRAFT}").status_code == 404


def test_pages_of_the_journal_name_the_feed(visit: Visit) -> None:
    for address in ("/journal", f"/journal/{FIRST[0]}"):
        assert 'type="application/atom+xml"' in visit(None).get(address).text


def test_a_draft_is_published_by_command_once(app: Flask, visit: Visit) -> None:
    runner = app.test_cli_runner()
    tried = runner.invoke(args=["journal", "publish", DRAFT, "--reason", "x", "--dry-run"])
    assert "Would publish" in tried.output
    assert visit(None).get(f"/journal/{DRAFT}").status_code == 404
    assert runner.invoke(args=["journal", "publish", DRAFT, "--reason", "x"]).exit_code == 0
    assert visit(None).get(f"/journal/{DRAFT}").status_code == 200
    again = runner.invoke(args=["journal", "publish", DRAFT, "--reason", "x"])
    assert again.exit_code == 1 and "published already" in again.output
    nowhere = runner.invoke(args=["journal", "publish", "nowhere", "--reason", "x"])
    assert nowhere.exit_code == 1 and "There is no post" in nowhere.output
    listed = runner.invoke(args=["journal", "list"]).output
    assert "public" in listed and DRAFT in listed


def test_every_picture_of_a_post_is_our_own_file(app: Flask) -> None:
    for post in journal.posts():
        for source in re.findall(r"!\[[^]]*\]\(([^)]+)\)", post.markdown):
            assert (STATIC / source).is_file(), source
