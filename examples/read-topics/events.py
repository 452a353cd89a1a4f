"""A message as the CloudEvent that it has to be: version 1.0, in binary mode, with JSON in it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

# The library makes up an id, a time and a version where there is none, and passes JSON that is none as a text: what has
# to be there is looked for before.
NEEDED = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type")
OF_CLOUD_EVENTS = re.compile("ce_|content-type$", re.IGNORECASE)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
URI_REFERENCE = re.compile(r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+", re.ASCII)
JSON_TYPE = re.compile(r"application/([a-z0-9.-]+\+)?json(;.*)?", re.IGNORECASE)

Headers = Mapping[str, str | bytes | None] | list[tuple[str, str | bytes | None]]


class FaultError(Exception):
    """What is wrong with a message."""


@dataclass(frozen=True)
class Event:
    id: str
    source: str
    type: str
    dataschema: str | None
    #: Parsed JSON, in which null stands for itself.
    data: Any
    #: The message has no value: what has its key is removed.
    is_tombstone: bool
    #: Type, subject and time, which are the same whenever the event comes.
    identity: tuple[str, str | None, str]
    #: The same of the data; None where the event was too large for the topic, and comes with less of it.
    digest: bytes | None

    def is_same(self, other: "Event") -> bool:
        same_data = self.digest is None or other.digest is None or self.digest == other.digest
        return self.identity == other.identity and same_data


def read_event(headers: Headers | None, key: bytes | None, value: bytes | None) -> Event:
    """:raises FaultError:"""
    message = KafkaMessage(headers=_attributes(headers or []), key=key, value=value or b"")
    for name in NEEDED:
        if not message.headers.get(name):
            raise FaultError(f"header {name} is missing or empty")
    time = message.headers["ce_time"].decode("utf-8", "replace")
    _must(RFC_3339.fullmatch(time), f"time must be an instant (RFC 3339), not {time}")
    try:
        event = from_binary_event(message)
    except Exception as error:
        # Nothing but the message can be wrong here, and the library has no one error for all that it may be.
        raise FaultError(f"no CloudEvent: {type(error).__name__}: {error}") from error
    _must(_is_uri_reference(event.get_source()), f"source must be a URI reference, not {event.get_source()}")
    content_type = event.get_datacontenttype() or ""
    _must(JSON_TYPE.fullmatch(content_type), f"datacontenttype must be JSON, not {content_type}")
    schema = event.get_dataschema()
    is_uri = schema is None or (_is_uri_reference(schema) and urlsplit(schema).scheme != "")
    _must(is_uri, f"dataschema must be a URI, not {schema}")
    data = None if value is None else _parse(value)
    is_cut = event.get_extension("truncated") == "true"
    canonical = json.dumps(data, sort_keys=True).encode()
    return Event(
        id=event.get_id(),
        source=event.get_source(),
        type=event.get_type(),
        dataschema=schema,
        data=data,
        is_tombstone=value is None,
        identity=(event.get_type(), event.get_subject(), time),
        digest=None if is_cut else hashlib.sha256(canonical).digest(),
    )


def has_attributes(headers: Headers | None) -> bool:
    """Without any, a message without value is no event, but removes what has its key from a compacted topic."""
    return any(OF_CLOUD_EVENTS.match(name) for name in dict(headers or []))


def _attributes(headers: Headers) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        # The library wants every header to be UTF-8, whoever has added it.
        if not OF_CLOUD_EVENTS.match(name):
            continue
        _must(name not in found, f"header {name} comes twice")
        if value is not None:
            found[name] = value.encode() if isinstance(value, str) else value
    return found


def _is_uri_reference(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return URI_REFERENCE.fullmatch(text) is not None


def _parse(value: bytes) -> Any:
    def refuse(constant: str) -> object:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(value.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise FaultError(f"the value is no JSON: {error}") from error


def _must(condition: object, reason: str) -> None:
    if not condition:
        raise FaultError(reason)
