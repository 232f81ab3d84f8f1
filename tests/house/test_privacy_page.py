"""The privacy page beside the data map: every table, column of an account, period and category."""

from __future__ import annotations

import re

import pytest

from fluxgen.models import TABLES, Account
from fluxgen.models.datamap import SEARCH_INDEXES, STORAGE_PREFIXES, Category, Keep
from tests.support.buying import main
from tests.support.making import Visit

SAID_OF_A_TABLE = {
    "Account": "Your e-mail address, your name and your picture",
    "Portrait": "The picture is drawn anew by us at 96 pixels",
    "Session": "Its record on our side holds when it began",
    "Entry": "Every movement of your credits",
    "Generation": "The words you wrote, or the Look",
    "Image": "the finished picture with its size",
    "DeletedImage": "A deleted picture can be brought back for a minute",
    "Collection": "A collection's name, and when you made it",
    "CollectionItem": "collections, contact sheets and which",
    "Purchase": "Per purchase we keep",
    "Refusal": "Which rule it was and when",
    "HeardWebhook": "we keep the number of the message for a week",
    "Export": "An export is made when you ask for it",
    "Import": "stay with your account as documents",
    "RightsRequest": "Of such a letter we note your address",
    "AuditRow": "each such deed is a record that cannot be altered unnoticed",
    "Erasure": "what the erasure consisted of, without you, as long",
    "Erased": "we remember a keyed hash of who was erased for 60 days",
    "Mail": "What a mail says, and where it goes",
    "PageView": "A count is a day, a page and a number",
}
OF_NOBODY = {"HeardUntil", "AuditHead", "Announcement", "Publication", "Measurement"}
"""About the service itself."""
SAID_OF_A_PERIOD = {
    Keep.ACCOUNT: "All of this stays until your account is deleted",
    Keep.GENERATION: "They stay until you delete the picture",
    Keep.UNFINISHED: "who hold it until your request has ended",
    Keep.SESSION: "after 30 days at the latest",
    Keep.LAST_MAIL: "until that is sent, at most a day",
    Keep.UNSENT: "after five days if it cannot be",
    Keep.ERASING: "within 24 hours",
    Keep.WEEK: "for a week",
    Keep.MONTH: "kept for 30 days",
    Keep.TWO_MONTHS: "for 60 days",
    Keep.EXPORT: "stays seven days after it is ready",
    Keep.TWO_YEARS: "kept for two years",
    Keep.AUDIT: "kept for three years",
    Keep.REQUEST: "kept for three years after the answer, or until your account is deleted",
    Keep.LEDGER: "ten years after the year of the payment",
}
NOT_A_PERIOD = {Keep.ROW, Keep.ALWAYS}
SPOKEN = {
    "7 days": ("a week", "seven days"),
    "5 days": ("five days",),
    "a day": ("a day",),
    "30 days": ("30 days",),
    "60 days": ("60 days",),
    "2 years": ("two years",),
    "3 years": ("three years",),
    "10 years": ("ten years",),
}
"""How the page says the numbers of the data map."""
SAID_OF_AN_ACCOUNT = {
    **dict.fromkeys(("email", "name"), "Your e-mail address, your name and your picture"),
    "identity": "We turn it into a keyed hash",
    "public_id": "a reference that names your account",
    **dict.fromkeys(("name_is_own", "portrait_is_off"), "corrected your name or took out your"),
    **dict.fromkeys(("standing", "erased_at"), "whether the account may be used"),
    "age_confirmed_at": "when you confirmed your age",
    **dict.fromkeys(("terms_accepted_at", "terms_version"), "which version of the terms"),
    **dict.fromkeys(("available", "held", "owed"), "what was free, held and owed"),
    "daily_limit_credits": "a daily limit",
    "single_keys": "whether single keys act",
    "theme": "light or dark pages",
    "generations_made": "For each picture",
    "dates_mixed": "whether an import brought pictures older than those that were there",
    "looked_at": "the moment when you last looked",
    **dict.fromkeys(("restricted_at", "objected_at"), "since when there is a restriction"),
    "announcement_seen": "which notices you have put away",
    "created_at": "since when there has been one",
}
SAID_OF_WHAT_IS_BESIDE = {
    "pictures/": "the original and its thumbnails",
    "exports/": "the file and our note of it are deleted",
    "imports/": "its statement and purchases stay with your account as documents",
    "archive_words": "An index over your words",
}
SAID_OF_A_CATEGORY = {
    Category.IDENTITY: "From Google, when you sign in",
    Category.CONTENT: "For each picture",
    Category.MONEY: "For credits",
    Category.CONSENT: "proof of what was agreed to",
    Category.OPERATION: "To keep the service running and honest",
}


def words(visit: Visit) -> str:
    return main(visit(None).get("/privacy").text).replace("\u2019", "'")


def test_the_privacy_page_names_every_table(visit: Visit) -> None:
    page = words(visit)
    assert {table.__name__ for table in TABLES} - OF_NOBODY == set(SAID_OF_A_TABLE)
    assert [said for said in SAID_OF_A_TABLE.values() if said not in page] == []


def test_the_privacy_page_names_every_period(visit: Visit) -> None:
    page = words(visit)
    assert set(Keep) - NOT_A_PERIOD == set(SAID_OF_A_PERIOD)
    assert [said for said in SAID_OF_A_PERIOD.values() if said not in page] == []


def test_the_privacy_page_says_the_numbers_of_the_data_map() -> None:
    for keep in set(Keep) - NOT_A_PERIOD:
        for number in re.findall(r"\b(?:\d+|a) (?:days?|years?)\b", keep.value):
            assert any(way in SAID_OF_A_PERIOD[keep] for way in SPOKEN[number]), keep


def test_the_privacy_page_names_everything_about_an_account(visit: Visit) -> None:
    page = words(visit)
    columns = {field.name for field in Account._meta.sorted_fields} - {"id"}
    assert columns == set(SAID_OF_AN_ACCOUNT)
    assert [said for said in SAID_OF_AN_ACCOUNT.values() if said not in page] == []


def test_the_privacy_page_names_what_is_beside_the_tables_and_every_category(visit: Visit) -> None:
    page = words(visit)
    assert {*STORAGE_PREFIXES, *SEARCH_INDEXES} == set(SAID_OF_WHAT_IS_BESIDE)
    assert set(Category) == set(SAID_OF_A_CATEGORY)
    said = (*SAID_OF_WHAT_IS_BESIDE.values(), *SAID_OF_A_CATEGORY.values())
    assert [phrase for phrase in said if phrase not in page] == []


@pytest.mark.parametrize(
    "what",
    [
        *("descriptions (the text that stands for a picture", "contact sheets", "Logs are deleted"),
        *("on your account page and in your export", "without personal data on it"),
        *("Then we keep your data and do nothing else", "kept until midnight only"),
        *("can call it off until it begins", "by when it is due", "which one if it was a picture"),
    ],
)
def test_the_privacy_page_says_in_plain_words(visit: Visit, what: str) -> None:
    assert what in words(visit)
