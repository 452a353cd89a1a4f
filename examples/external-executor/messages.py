"""From a message of the topic of runs to a run, and from what became of it to a message of the topic of results."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent

from run import CheckFailedError, Result, Rules, Run

RUN_STARTED = "certification-cron.RunStarted"
#: Of runs that began before the service recorded its rules.
DEFAULT_THRESHOLDS = [30, 14, 7, 1, 0]
#: As the service limits them, in characters and seconds. What comes from elsewhere must not stop the executor.
MOST_ID = 200
MOST_TIMEOUT = 604_800
MOST_REASON = 1_000
MOST_ERROR = 2_000
OF_CLOUD_EVENTS = re.compile("ce_|content-type$", re.IGNORECASE)
TRACEPARENT = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

T = TypeVar("T")


class BadMessageError(Exception):
    """The message can never be understood. The text names the field, and says what is allowed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason[:MOST_REASON])


def read_run(message: KafkaMessage) -> Run:
    """:raises BadMessageError: when the message is no run"""
    event = _event_in(message)
    if event.get_type() != RUN_STARTED:
        raise BadMessageError(f"type must be {RUN_STARTED}, not {event.get_type()}")
    data = _mapping(event.get_data(), "data")
    try:
        return Run(
            cron_id=_id(data, "cron_id"),
            run_id=_id(data, "run_id"),
            dry_run=_of_kind(bool, data["dry_run"], "dry_run"),
            started_at=_instant(data["started_at"], "started_at"),
            timeout_seconds=_timeout(data["timeout_seconds"], "timeout_seconds"),
            rules=_rules(data.get("rules")),
            traceparent=_traceparent(message, event),
            is_truncated=event.get_extension("truncated") == "true",
        )
    except KeyError as error:
        raise BadMessageError(f"{error.args[0]} is missing") from error


def result_message(run: Run, outcome: Result | CheckFailedError) -> KafkaMessage:
    """The answer to a run. Its id follows from the run: a repeat has the same one."""
    data: dict[str, Any] = {"cron_id": run.cron_id, "run_id": run.run_id}
    if isinstance(outcome, Result):
        counts = {name: value for name, value in vars(outcome).items() if value is not None}
        data |= {"status": "success", "result": counts}
    else:
        data |= {"status": "failed", "error": {"code": outcome.code, "message": str(outcome)[:MOST_ERROR]}}
    attributes = {
        "id": f"result-{run.run_id}",
        "source": "/external-executor",
        "type": "external-executor.RunPerformed",
        "subject": run.run_id,
        "datacontenttype": "application/json",
    }
    trace = {} if run.traceparent is None else {"traceparent": run.traceparent}
    message = to_binary_event(CloudEvent(attributes | trace, data), key_mapper=lambda _: run.run_id)
    # `ce_traceparent` is how CloudEvents has it, `traceparent` how tracers look for it.
    headers = message.headers | {name: value.encode() for name, value in trace.items()}
    return KafkaMessage(headers=headers, key=message.key, value=message.value)


def _event_in(message: KafkaMessage) -> BaseCloudEvent:
    # The library wants the key and every header to be UTF-8, whoever has added them.
    headers = {name: value for name, value in message.headers.items() if OF_CLOUD_EVENTS.match(name)}
    try:
        return from_kafka_event(KafkaMessage(headers=headers, key=None, value=message.value))
    except Exception as error:
        # Nothing but the message can be wrong here, and the library has no one error for all that it may be.
        raise BadMessageError(f"no CloudEvent: {type(error).__name__}: {error}") from error


def _rules(value: object) -> Rules:
    rules = {} if value is None else _mapping(value, "rules")
    thresholds = _of_kind(list, rules.get("reminder_thresholds", DEFAULT_THRESHOLDS), "reminder_thresholds")
    select = rules.get("select")
    selected = {} if select is None else _mapping(select, "select")
    return Rules(
        time_zone=_zone(rules.get("time_zone", "UTC")),
        reminder_thresholds=tuple(_of_kind(int, days, "reminder_thresholds") for days in thresholds),
        types=_texts(selected.get("types"), "select.types"),
        labels=_texts(selected.get("labels"), "select.labels"),
        max_reminders=_count(rules.get("max_reminders"), "max_reminders"),
        confirm_reminders=_count(rules.get("confirm_reminders"), "confirm_reminders"),
    )


def _traceparent(message: KafkaMessage, event: BaseCloudEvent) -> str | None:
    """Of the hop that has brought the message, or else of the event; what is none is ignored."""
    told = (message.headers.get("traceparent", b"").decode("utf-8", "replace"), event.get_extension("traceparent"))
    return next((trace for trace in told if isinstance(trace, str) and TRACEPARENT.fullmatch(trace)), None)


def _of_kind(kind: type[T], value: object, name: str) -> T:
    # To Python a bool is an int.
    if type(value) is not kind:
        raise BadMessageError(f"{name} must be of the type {kind.__name__}")
    return value


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadMessageError(f"{name} must be an object")
    return value


def _id(data: Mapping[str, Any], name: str) -> str:
    value = _of_kind(str, data[name], name)
    if not 1 <= len(value) <= MOST_ID or not value.isprintable():
        raise BadMessageError(f"{name} must be a text of 1 to {MOST_ID} characters that can be printed")
    return value


def _timeout(value: object, name: str) -> int:
    seconds = _of_kind(int, value, name)
    if not 1 <= seconds <= MOST_TIMEOUT:
        raise BadMessageError(f"{name} must be from 1 to {MOST_TIMEOUT}")
    return seconds


def _count(value: object, name: str) -> int | None:
    return None if value is None else _of_kind(int, value, name)


def _texts(value: object, name: str) -> frozenset[str] | None:
    return None if value is None else frozenset(_of_kind(str, text, name) for text in _of_kind(list, value, name))


def _instant(value: object, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(_of_kind(str, value, name))
        # So that the deadline is within the years that Python knows.
        instant + timedelta(seconds=MOST_TIMEOUT)
    except (ValueError, OverflowError) as error:
        raise BadMessageError(f"{name} must be an instant (RFC 3339)") from error
    if instant.tzinfo is None:
        raise BadMessageError(f"{name} must have an offset")
    return instant


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(_of_kind(str, value, "time_zone"))
    except (KeyError, ValueError, OSError) as error:
        raise BadMessageError("time_zone must be a zone of the IANA database") from error
