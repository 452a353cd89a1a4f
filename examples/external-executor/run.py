"""What a run is, and what its check answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Rules:
    """What decides whom the run reminds, as it was at the start of the run: a later change leaves it alone."""

    time_zone: ZoneInfo
    #: Days before the expiry, negative ones after it.
    reminder_thresholds: tuple[int, ...]
    #: The certification has one of these types; None asks nothing.
    types: frozenset[str] | None
    #: It has one of these labels; None asks nothing.
    labels: frozenset[str] | None
    #: A run that would ask for more reminders asks for none; 0 is no limit, None the usual one.
    max_reminders: int | None
    #: Takes the place of `max_reminders` when somebody has confirmed so many for this run.
    confirm_reminders: int | None


@dataclass(frozen=True)
class Run:
    cron_id: str
    #: The identity of the run: a message that comes twice has the same one.
    run_id: str
    #: Count what would be done, and do nothing.
    dry_run: bool
    started_at: datetime
    timeout_seconds: float
    rules: Rules
    #: The trace that the run belongs to (W3C Trace Context), if any.
    traceparent: str | None
    #: The message was too large for its topic, and is here with less of its data: the rules may lack something.
    is_truncated: bool

    @property
    def deadline(self) -> datetime:
        """The service has closed the run by then, and takes no result of it any more."""
        return self.started_at + timedelta(seconds=self.timeout_seconds)


@dataclass(frozen=True)
class Result:
    """What the run has on record: the first three are needed."""

    #: Distinct mentors whose certifications were looked at.
    mentors_checked: int
    #: Reminders asked for; in a dry run those that a real one would have asked for.
    reminders_sent: int
    #: Records that could not be read.
    errors: int
    records_checked: int | None = None
    #: Records by the reason why none was reminded of; docs/operations.md of the service lists the reasons.
    reasons: Mapping[str, int] | None = None


class CheckFailedError(Exception):
    """
    The run has failed, and this is on record as its error: a code for programs, a message for people. Both are kept
    and published for ever, so neither may name a person.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
