"""The certifications in a CSV file, as `certification-cron import` reads them."""

import csv
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from run import CheckFailedError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Certification:
    certification_id: str
    mentor_id: str
    #: The last day of validity, in the zone of the run.
    expires_on: date
    type: str | None
    labels: frozenset[str]
    status: str
    #: Nobody can renew it before, so nobody is reminded before.
    renewable_from: date | None


def read_certifications(file: Path, today: date, zone: ZoneInfo) -> tuple[list[Certification], int]:
    """
    :param today: what `expires_in_days` and `renewable_in_days` count from, which are for example data
    :returns: the certifications, of several with one id the last, and how many rows could not be read
    """
    found: dict[str, Certification] = {}
    errors = 0
    try:
        for line, row in _rows(file):
            try:
                certification = _certification(row, today, zone)
                found[certification.certification_id] = certification
            except (KeyError, ValueError, OverflowError) as error:
                errors += 1
                log.warning("line %d of the certifications cannot be read: %s", line, error)
    except (OSError, csv.Error, UnicodeError) as error:
        raise CheckFailedError("certifications_unreadable", "the file of certifications cannot be read") from error
    return list(found.values()), errors


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.DictReader(lines, strict=True)
        for row in rows:
            # A cell too many stands under None, one too few is None.
            yield rows.line_num, {name: cell.strip() for name, cell in row.items() if name and cell}


def _certification(row: dict[str, str], today: date, zone: ZoneInfo) -> Certification:
    status = row.get("status") or "active"
    if status not in ("active", "suspended", "withdrawn"):
        raise ValueError("status must be active, suspended or withdrawn")
    if not row.get("certification_id") or not row.get("mentor_id"):
        raise ValueError("certification_id and mentor_id must not be empty")
    expires_on = _day(row, "expires_at", "expires_in_days", today, zone)
    if expires_on is None:
        raise ValueError("expires_at must not be empty")
    return Certification(
        certification_id=row["certification_id"],
        mentor_id=row["mentor_id"],
        expires_on=expires_on,
        type=row.get("type") or None,
        labels=frozenset(label.strip() for label in row.get("labels", "").split("|") if label.strip()),
        status=status,
        renewable_from=_day(row, "renewable_from", "renewable_in_days", today, zone),
    )


def _day(row: dict[str, str], name: str, in_days: str, today: date, zone: ZoneInfo) -> date | None:
    """A date is that day everywhere, an instant falls on a day of the zone."""
    if text := row.get(name):
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).astimezone(zone).date()
    days = row.get(in_days)
    return today + timedelta(days=int(days)) if days else None
