"""Finding in the archive: the same pictures on both databases, whatever was written or asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fluxgen import archive, clock, db
from fluxgen.archive import Wanted, index
from fluxgen.archive.deletion import ENDED_KEPT_S
from fluxgen.archive.index import NUMBER_MAX
from fluxgen.generations import Filled, Recipe, submit
from fluxgen.looks import defaults, find
from fluxgen.models import Account, Generation
from tests.support.life import done, failed, finished, submitted
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases

DAY_S = 24 * 3600
PROMPTS = (
    "A red fox in the snow, café light",
    "foxes & hounds: Straße nach München",
    "東京の夜、猫が眠る",
    "รูปแมวสีขาว",
    "हिन्दी में एक चित्र",
    "북극곰 한 마리",
    "кошка Ёлка в снегу",
    "قطة بيضاء",
    "🦊 in a teacup",
    'ﬁshing boats, AND OR NOT NEAR(x) "quoted" col:value *',
)
QUESTIONS = {
    "fox": [1, 2],
    "FOX snow": [1],
    "snow fox": [1],
    "fo": [1, 2],
    "f": [],
    "cafe": [1],
    "CAFÉ": [1],
    "strasse": [2],
    "munchen": [2],
    "猫": [3],
    "東京": [3],
    "京の": [3],
    "東夜": [],
    "แมว": [4],
    "हिन्दी": [5],
    "북극": [6],
    "елка": [7],
    "кошка": [7],
    "بيضاء": [8],
    "🦊": [9],
    "fishing": [10],
    "AND": [10],
    "near x": [10],
    "col:value": [10],
    '"quoted"': [10],
    "*": [],
    "...": [],
    "zebra": [],
}


def found(account: Account, **wanted: Any) -> list[int]:
    """The numbers of what is found, newest first."""
    return [tile.number for tile in archive.page(account, Wanted(**wanted)).tiles]


def of_look(account: Account, tier: str = "draft", **answers: Any) -> Generation:
    """Finished, of the Look Window Light with these answers."""
    look = find("window-light")
    values = {**defaults(look), "who": "a night nurse", **answers}
    filled = Filled(look.slug, look.version, values)
    recipe = Recipe("", look.tiers[tier], tier, "4:5", look=filled)
    return finished(submit(account, recipe, f"{look.slug}-{len(answers)}-{tier}-{answers}"[:64]))


def test_words_of_any_language_are_found(alice: Account) -> None:
    for prompt in PROMPTS:
        done(alice, prompt=prompt)
    answers = {words: sorted(found(alice, words=words)) for words in QUESTIONS}
    assert answers == QUESTIONS


@pytest.mark.parametrize(
    "words",
    [
        *("'", '"', "\\", "a\0b", "%s", "?", "(((", "a AND", "NOT", "* *", "-fox", "^fox", "{fox}"),
        *("fox'); DROP TABLE generation; --", "\ud800", "\ufe0f", "!&|<->:*", "x" * 10_000),
        *("a b c d e f g h i j k l m n o p q r s t " * 500, "猫" * 10_000, "\u0301\u200d\u202e"),
    ],
    ids=range(21),
)
def test_any_input_is_safe(alice: Account, words: str) -> None:
    done(alice)
    assert found(alice, words=words) in ([], [1])
    assert found(alice, words="fox", answers=((words[:40], words),)) == []
    for name in ("look", "model", "tier"):
        assert found(alice, **{name: words}) == []
    assert archive.total(alice, Wanted(words=words)) in (0, 1)


def test_only_ones_own_are_found(alice: Account, mallory: Account) -> None:
    done(alice), done(mallory), done(alice)
    assert found(alice, words="fox") == [2, 1]
    assert archive.total(alice, Wanted(words="fox")) == 2


def test_filters_of_a_look_and_its_answers(alice: Account) -> None:
    done(alice)
    of_look(alice, hour="blue dusk")
    of_look(alice, hour="late gold", wall={"other": "a chalk cliff"})
    assert found(alice, look="window-light") == [3, 2]
    assert found(alice, answers=(("hour", "blue dusk"),)) == [2]
    assert found(alice, answers=(("wall", "A chalk cliff"),)) == [3]
    assert found(alice, answers=(("hour", "blue dusk"), ("wall", "a chalk cliff"))) == []
    assert found(alice, words="dusk") == [2]
    assert found(alice, words="nurse chalk") == [3]
    assert found(alice, look="bench-shot") == []


def test_filters_of_model_tier_favourite_and_reference(alice: Account) -> None:
    first, second = done(alice), done(alice, model="flux-dev", tier="studio")
    Generation.update(had_reference=True).where(Generation.id == first.id).execute()
    archive.enter(Generation.get_by_id(first.id))
    archive.mark(second)
    assert found(alice, model="flux-schnell") == [1]
    assert found(alice, tier="studio") == [2]
    assert found(alice, favourite=True) == [2]
    assert found(alice, reference=True) == [1]
    assert found(alice, favourite=True, reference=True) == []
    assert found(alice, model="flux-dev", tier="studio", words="fox") == [2]


def test_days_are_utc_with_both_ends(alice: Account) -> None:
    first = clock.now().date()
    for _ in range(3):
        done(alice)
        pass_time(DAY_S)
    second = first + timedelta(days=1)
    assert found(alice, since=second) == [3, 2]
    assert found(alice, until=second) == [2, 1]
    assert found(alice, since=second, until=second) == [2]
    assert found(alice, since=second, until=second, words="fox") == [2]
    assert found(alice, since=second, until=first) == []
    assert found(alice, since=first + timedelta(days=9)) == []
    assert archive.total(alice, Wanted(since=second, words="fox")) == 2


def test_what_ended_without_a_picture_is_found_apart(alice: Account) -> None:
    done(alice), failed(alice), submitted(alice)
    broken = failed(alice, prompt="a grey heron")
    assert found(alice, words="heron") == []
    assert archive.ended(alice, Wanted(words="heron"), 10) == [broken]
    assert [row.number for row in archive.ended(alice, Wanted(), 10)] == [4, 2]
    pass_time(ENDED_KEPT_S + 1)
    assert archive.dismiss_old() == 2
    assert archive.ended(alice, Wanted(words="heron"), 10) == []


@pytest.mark.parametrize("many", [1, 10_000])
def test_pages_of_a_search_hold_still(
    alice: Account, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Postgres the common is found another way than the rare."""
    monkeypatch.setattr(index, "MANY", many)
    for at in range(7):
        done(alice, prompt="a red fox" if at % 3 else "a heron")
    first = archive.page(alice, Wanted(words="fox"), limit=2)
    done(alice, prompt="a new fox")
    second = archive.page(alice, Wanted(words="fox"), first.after, limit=2)
    assert [tile.number for tile in (*first.tiles, *second.tiles)] == [6, 5, 3, 2]
    assert (first.after, second.after) == (5, None)


def test_pictures_are_counted_not_generations(alice: Account) -> None:
    done(alice, count=3), done(alice)
    assert archive.total(alice) == archive.total(alice, Wanted(words="fox")) == 4


def test_counting_ends_where_it_costs(alice: Account) -> None:
    for _ in range(5):
        done(alice, count=2)
    assert archive.total(alice, up_to=2) == 3
    assert archive.total(alice, Wanted(words="fox"), up_to=2) == 3


def test_a_deleted_one_is_found_by_nobody_until_undone(alice: Account) -> None:
    gone = archive.delete(done(alice))
    assert found(alice, words="fox") == []
    assert archive.total(alice, Wanted(words="fox")) == 0
    archive.undo(gone)
    assert found(alice, words="fox") == [1]


def test_a_purged_one_has_left_the_index(alice: Account) -> None:
    gone = archive.delete(done(alice))
    pass_time(archive.GONE_AFTER_S + 1)
    taken = archive.claim_purge(gone.id)
    assert taken is not None
    archive.purge(taken)
    assert db.tuples("SELECT COUNT(*) FROM archive_words") == [(0,)]


def test_a_favourite_is_marked_once_and_unmarked(alice: Account) -> None:
    generation = done(alice)
    first = archive.mark(generation).favourite_at
    assert found(alice, favourite=True) == [1]
    assert archive.mark(generation).favourite_at == first
    archive.unmark(generation), archive.unmark(generation)
    assert found(alice, favourite=True) == []
    assert found(alice, words="fox") == [1]


def test_what_an_upgrade_left_out_is_entered(alice: Account) -> None:
    kept, gone, broken = done(alice), archive.delete(done(alice)), failed(alice)
    index.remove([kept.id, gone.id, broken.id])
    assert archive.catch_up() == 2
    assert found(alice, words="fox") == [1]
    assert archive.ended(alice, Wanted(words="fox"), 9) == [broken]
    assert archive.catch_up() == 0


def test_months_tell_where_each_begins(alice: Account) -> None:
    assert archive.months(alice) == []
    for days in (0, 1, 70, 0):
        pass_time(days * DAY_S)
        done(alice)
    newest, *others = archive.months(alice)
    assert newest.first_day == clock.now().date().replace(day=1)
    assert newest.after == 5
    assert others[0].after == 3
    assert [tile.number for tile in archive.page(alice, after=others[0].after).tiles] == [2, 1]


def test_every_question_is_answered_by_an_index(alice: Account, engine: str) -> None:
    """Few rows are always read through; so Postgres is told not to, where there is another way."""
    kept, _broken = done(alice), failed(alice)
    winter = archive.collections.create(alice, "winter")
    archive.collections.put_in(winter, [kept.public_id])
    asked: list[tuple[str, Any]] = []
    real = db.database.obj
    executed = real.execute_sql

    def listened(statement: str, values: Any = None, *more: Any, **named: Any) -> Any:
        asked.append((statement, values))
        return executed(statement, values, *more, **named)

    real.execute_sql = listened
    try:
        for wanted in (
            *(Wanted(), Wanted(words="fox"), Wanted(look="a", model="b"), Wanted(favourite=True)),
            Wanted(since=clock.now().date(), until=clock.now().date()),
            Wanted(collection=winter.public_id),
        ):
            archive.page(alice, wanted, NUMBER_MAX)
            archive.total(alice, wanted)
            archive.ended(alice, wanted, 5)
            archive.place(alice, kept, 0, wanted)
        archive.months(alice)
    finally:
        real.execute_sql = executed
    plans = [_plan(statement, values, engine) for statement, values in asked]
    assert len(plans) > 20
    assert [plan for plan in plans if "Seq Scan on" in plan or "SCAN generation" in plan] == []
    assert [plan for plan in plans if "SCAN image" in plan or "SCAN t1" in plan] == []


def _plan(statement: str, values: Any, engine: str) -> str:
    """How the database would answer; nothing for what is no question."""
    if not statement.lstrip().startswith(("SELECT", "WITH")):
        return ""
    if engine == "sqlite":
        return "\n".join(
            row[-1] for row in db.database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        )
    with db.transaction():
        db.database.execute_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in db.database.execute_sql(f"EXPLAIN {statement}", values))
