"""Privacy: what is whose, how it goes, and what is proved and remembered of that.

`ownership` reads from the data map what belongs to a person, `planning` says what an erasure would
take, `erasing` is the life of one, `rows` takes the rows and the person out of the database,
`books` lets payments go when tax law does, `certificate` signs what was done, `remembering` knows
who is back from a backup, `processing` is the record of it all.
"""

from __future__ import annotations

from fluxgen.privacy.books import forget_old
from fluxgen.privacy.certificate import SIZE_MAX, verify
from fluxgen.privacy.erasing import (
    DAYS_AHEAD_MAX,
    DEADLINE_S,
    begin,
    beginning,
    cancel,
    certify,
    claim,
    close_underage,
    due,
    finish,
    is_late,
    listing,
    longest_hours,
    note,
    note_what_is_there,
    oldest_days,
    passed,
    plan,
    plan_instead,
    put_back,
    renew,
    under_way,
    watched,
)
from fluxgen.privacy.letters import LAST_TABLES, give_up, unsent
from fluxgen.privacy.ownership import folders, meant, tables
from fluxgen.privacy.planning import Outlook, outlook
from fluxgen.privacy.processing import record
from fluxgen.privacy.remembering import Back, house_key, learn, remembered, returned
from fluxgen.privacy.rows import (
    close,
    delete_rows,
    generation_ids,
    left,
    stop_archive,
    unname,
    with_references,
)

__all__ = [
    "DAYS_AHEAD_MAX",
    "DEADLINE_S",
    "LAST_TABLES",
    "SIZE_MAX",
    "Back",
    "Outlook",
    "begin",
    "beginning",
    "cancel",
    "certify",
    "claim",
    "close",
    "close_underage",
    "delete_rows",
    "due",
    "finish",
    "folders",
    "forget_old",
    "generation_ids",
    "give_up",
    "house_key",
    "is_late",
    "learn",
    "left",
    "listing",
    "longest_hours",
    "meant",
    "note",
    "note_what_is_there",
    "oldest_days",
    "outlook",
    "passed",
    "plan",
    "plan_instead",
    "put_back",
    "record",
    "remembered",
    "renew",
    "returned",
    "stop_archive",
    "tables",
    "under_way",
    "unname",
    "unsent",
    "verify",
    "watched",
    "with_references",
]
