"""The export's schema names every column that the data map marks, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from peewee import CharField, ForeignKeyField
from playhouse.fields import EnumField

import fluxgen
from fluxgen.exports import document
from fluxgen.models import Account, Generation

SCHEMA = Path(fluxgen.__file__).parent / "data" / "export" / "schema-1.json"
BESIDE = {
    "": {"format", "version", "made_at", "made_by", "account", "looks", "missing_pictures"},
    "images": {"file", "thumbnail", "missing"},
}
"""What the schema has beyond columns: of the whole, and of a picture's file."""


def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text())
    return found


def columns(table: type[Any]) -> dict[str, str]:
    """What a table exports, with what the map says of it."""
    marked: list[Any] = list(document.exported(table))
    return {field.name: field.fact.purpose for field in marked}


def lists() -> Iterator[tuple[str, dict[str, str], dict[str, Any]]]:
    """Each list by name: what the map marks, and what the schema says of it."""
    properties = schema()["properties"]
    yield "account", columns(Account), properties["account"]["properties"]
    for section in document.sections():
        said = properties.get(section.name, {}).get("items", {}).get("properties", {})
        inside = {one.name for one in document.nested()} if section.table is Generation else set()
        yield section.name, columns(section.table) | dict.fromkeys(inside, ""), said
    generation = properties["generations"]["items"]["properties"]
    for section in document.nested():
        said = generation.get(section.name, {}).get("items", {}).get("properties", {})
        yield section.name, columns(section.table), said


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_schema_names_every_column_that_is_marked_and_no_other() -> None:
    problems = []
    for name, marked, said in lists():
        expected = set(marked) | BESIDE.get(name, set())
        problems += [
            f'{name} lacks "{column}": {{"description": "{marked[column]}", …}}'
            for column in expected - set(said)
        ]
        problems += [f"{name}.{column} is not exported" for column in set(said) - expected]
    assert not problems, f"correct {SCHEMA.name}:\n" + "\n".join(problems)


def test_the_schema_names_every_list_and_no_other() -> None:
    names = {section.name for section in document.sections()}
    assert set(schema()["properties"]) - BESIDE[""] == names


def test_the_schema_says_of_a_column_what_the_map_says() -> None:
    differing = [
        f"{name}.{column}: {purpose}"
        for name, marked, said in lists()
        for column, purpose in marked.items()
        if purpose and said.get(column, {}).get("description") != purpose
    ]
    assert not differing, f"say the same in {SCHEMA.name}:\n" + "\n".join(differing)


def columns_with_schemas() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Each exported column with what the schema says of its values, references followed; of one
    that may be empty, what it says of the rest."""
    tables: dict[str, Any] = {"account": Account}
    tables |= {one.name: one.table for one in (*document.sections(), *document.nested())}
    for name, _, said in lists():
        for field in document.exported(tables[name]):
            told = said[field.name]
            ways = told.get("anyOf", [told])
            assert field.null or {"type": "null"} not in ways or is_link(field), field
            (way,) = [one for one in ways if one != {"type": "null"}]
            yield f"{name}.{field.name}", field, way | named(way)


def is_link(field: Any) -> bool:
    return isinstance(field, ForeignKeyField)


def named(way: dict[str, Any]) -> dict[str, Any]:
    reference = way.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema()["$defs"].get(reference, {})
    return found


def test_the_schema_has_the_words_and_lengths_of_the_columns() -> None:
    wrong = []
    for name, field, told in columns_with_schemas():
        if isinstance(field, EnumField):
            words = [word.value for word in field.enum_class]
            wrong += [f"{name}: enum {words}"] * (told.get("enum") != words)
        elif isinstance(field, CharField) and not is_link(field):
            most = field.max_length
            wrong += [f"{name}: at most {most} characters"] * (longest(told) != most)
    assert not wrong, f"say the same in {SCHEMA.name}:\n" + "\n".join(wrong)


def test_the_schema_lets_no_number_through_that_the_database_refuses() -> None:
    wrong, seen = [], 0
    for name, field, told in columns_with_schemas():
        low, high = checked(field)
        if low is not None:
            seen += 1
            wrong += [f"{name}: at least {low}"] * (told["minimum"] < low)
            wrong += [f"{name}: at most {high}"] * (high is not None and told["maximum"] > high)
    assert not wrong, f"say the same in {SCHEMA.name}:\n" + "\n".join(wrong)
    assert seen > 8


def checked(field: Any) -> tuple[int | None, int | None]:
    """The least and the most that a column's own check takes."""
    rules = " ".join(str(getattr(rule, "sql", "")) for rule in field.constraints or [])
    if between := re.search(rf"{field.column_name} BETWEEN (\d+) AND (\d+)?", rules):
        return int(between[1]), int(between[2]) if between[2] else None
    if least := re.search(rf"{field.column_name} (>=?) (\d+)", rules):
        return int(least[2]) + (least[1] == ">"), None
    return None, None


def longest(told: dict[str, Any]) -> int | None:
    """How many characters a schema lets through."""
    repeated = re.search(r"\{(?:\d+,)?(\d+)\}\$$", told.get("pattern", ""))
    return told.get("maxLength") or (int(repeated[1]) if repeated else None)


def test_nothing_more_is_allowed_anywhere_and_nothing_less() -> None:
    def objects(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if "properties" in node and node.get("type") == "object":
                yield node
            for value in node.values():
                yield from objects(value)

    found = list(objects(schema()))
    assert len(found) > 8
    assert [one for one in found if one.get("additionalProperties") is not False] == []
    assert [one for one in found if set(one["required"]) != set(one["properties"])] == []
