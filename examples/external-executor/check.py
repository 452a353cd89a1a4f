"""
The check: this is the file to replace. Keep `check`, which takes a run and answers with a result.

What stands here is a check of a CSV file by the rules of the run. A reminder is a row in a SQLite file; whoever sends
mails reads them from there.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date
from pathlib import Path

from certifications import Certification, read_certifications
from run import CheckFailedError, Result, Rules, Run

HERE = Path(__file__).parent
#: A threshold at or after the expiry stays due for so long: old records must not flood.
DUE_FOR_DAYS = 7
#: What a run may ask for, unless its job says otherwise; or a tenth of the records, if that is more.
USUAL_LIMIT = 1_000


def check(run: Run) -> Result:
    """
    Performs a run. It may be called again for the same run, by another process and even at the same time, and must do
    nothing twice then. Its day is that of `run.started_at`, so a repeat on another day finds the same.

    :raises CheckFailedError: what the run has on record as its error
    """
    file = Path(os.environ.get("CERTIFICATIONS_FILE", HERE.parent / "certifications.csv"))
    # The import counts days from its day in UTC.
    records, errors = read_certifications(file, run.started_at.astimezone(UTC).date(), run.rules.time_zone)
    due, reasons = due_reminders(records, run)
    limit = most_reminders(run.rules, len(records) + errors)
    sent = ask_for_reminders(run, due, limit, reasons)
    return Result(
        mentors_checked=len({record.mentor_id for record in records}),
        reminders_sent=sent,
        errors=errors,
        records_checked=len(records) + errors,
        reasons=dict(reasons),
    )


def due_reminders(records: Iterable[Certification], run: Run) -> tuple[list[tuple[Certification, int]], Counter[str]]:
    """:returns: each certification to remind of with its threshold, and why the others are left alone"""
    today = run.started_at.astimezone(run.rules.time_zone).date()
    latest: dict[tuple[str, str], Certification] = {}
    active = [record for record in records if record.status == "active"]
    for record in active:
        if record.type is not None:
            key = (record.mentor_id, record.type)
            latest[key] = min(latest.get(key, record), record, key=_latest_first)
    due: list[tuple[Certification, int]] = []
    reasons: Counter[str] = Counter(record.status for record in records if record.status != "active")
    for record in active:
        is_latest = record.type is None or latest[record.mentor_id, record.type] is record
        verdict = verdict_on(record, run.rules, today) if is_latest else "superseded"
        if isinstance(verdict, int):
            due.append((record, verdict))
        else:
            reasons[verdict] += 1
    return due, reasons


def verdict_on(record: Certification, rules: Rules, today: date) -> int | str:
    """:returns: the threshold of the reminder that is due, or the reason why none is"""
    if rules.types is not None and record.type not in rules.types:
        return "not_selected"
    if rules.labels is not None and not record.labels & rules.labels:
        return "not_selected"
    days_left = (record.expires_on - today).days
    threshold = min((days for days in rules.reminder_thresholds if days_left <= days), default=None)
    if threshold is None or days_left < (0 if threshold > 0 else threshold - DUE_FOR_DAYS):
        is_over = days_left < 0 and all(days_left <= days for days in rules.reminder_thresholds)
        return "too_long_expired" if is_over else "not_due"
    if record.renewable_from is not None and record.renewable_from > today:
        return "not_renewable_yet"
    return threshold


def most_reminders(rules: Rules, records: int) -> int | None:
    """:returns: None when the job allows any number"""
    if rules.confirm_reminders is not None:
        return rules.confirm_reminders
    if rules.max_reminders is not None:
        return rules.max_reminders or None
    return max(USUAL_LIMIT, records // 10)


def ask_for_reminders(
    run: Run, due: Iterable[tuple[Certification, int]], limit: int | None, reasons: Counter[str]
) -> int:
    """
    Writes down the reminders that nobody has asked for yet, all or none. Those of an earlier attempt of the same run
    count again and are not written again.

    :returns: how many the run has asked for; of a dry run how many it would have
    """
    file = os.environ.get("REMINDERS_FILE", str(HERE / "reminders.db"))
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS reminders (certification_id TEXT, expires_on TEXT, threshold_days INTEGER,"
            " mentor_id TEXT, run_id TEXT, PRIMARY KEY (certification_id, expires_on, threshold_days))"
        )
        db.execute("BEGIN IMMEDIATE")
        sent = 0
        for record, threshold in due:
            reason = _ask(db, run, record, threshold)
            if reason is None:
                sent += 1
            else:
                reasons[reason] += 1
        if run.dry_run:
            db.execute("ROLLBACK")
        elif limit is not None and sent > limit:
            db.execute("ROLLBACK")
            message = f"{sent} reminders would be asked for and {limit} are allowed: none was asked for"
            raise CheckFailedError("reminder_limit", message)
        else:
            db.execute("COMMIT")
        return sent


def _ask(db: sqlite3.Connection, run: Run, record: Certification, threshold: int) -> str | None:
    """:returns: why not, when an earlier run has asked for this reminder or for a nearer one"""
    period = (record.certification_id, record.expires_on.isoformat())
    asked = db.execute(
        "SELECT threshold_days, run_id FROM reminders WHERE certification_id = ? AND expires_on = ?", period
    ).fetchall()
    if any(run_id == run.run_id for _, run_id in asked):
        return None
    if any(days == threshold for days, _ in asked):
        return "already_asked"
    if any(days < threshold for days, _ in asked):
        return "nearer_asked"
    db.execute("INSERT INTO reminders VALUES (?, ?, ?, ?, ?)", (*period, threshold, record.mentor_id, run.run_id))
    return None


def _latest_first(record: Certification) -> tuple[int, str]:
    """Of those that expire on the same day the one with the smallest id counts."""
    return -record.expires_on.toordinal(), record.certification_id
