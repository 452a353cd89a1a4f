"""
Reads topics from their beginning to their end, and says which messages are no CloudEvents as they should be. With a
folder of JSON Schemas it also says whose data does not fit the schema that the event names.

Ends with 0 when nothing is wrong, with 1 when something is, with 2 when it could not find out.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from events import Event, FaultError, has_attributes, read_event
from schemas import Schemas

#: Without a message for so long there is no broker to read from.
SILENT_S = 30


class UnreadableError(Exception):
    """A topic could not be read to its end."""


@dataclass
class Report:
    messages: int = 0
    tombstones: int = 0
    #: The same event once more, as publishing at least once allows.
    repeated: int = 0
    types: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Checker:
    """Knows what it has seen: source and id name one event, in whichever topic it comes."""

    def __init__(self, schemas: Schemas | None) -> None:
        self._schemas = schemas
        self._known: dict[tuple[str, str], Event] = {}

    def report(self, messages: Iterator[Message]) -> Report:
        """Of the messages of one topic."""
        report = Report()
        seen: set[tuple[str, str]] = set()
        for message in messages:
            report.messages += 1
            if message.value() is None and not has_attributes(message.headers()):
                report.tombstones += 1
                continue
            try:
                event = read_event(message.headers(), message.key(), message.value())
                self._check(event)
            except FaultError as fault:
                report.faults.append(f"{message.topic()}/{message.partition()}/{message.offset()}: {fault}")
                continue
            report.types[event.type] += 1
            report.tombstones += event.is_tombstone
            report.repeated += (event.source, event.id) in seen
            seen.add((event.source, event.id))
        return report

    def _check(self, event: Event) -> None:
        if self._schemas is not None and not event.is_tombstone:
            self._schemas.check(event)
        known = self._known.setdefault((event.source, event.id), replace(event, data=None))
        if not event.is_same(known):
            raise FaultError(f"id {event.id} is that of another event, too")


def read_topic(consumer: Consumer, topic: str) -> Iterator[Message]:
    """:raises UnreadableError:"""
    metadata = consumer.list_topics(topic, timeout=SILENT_S).topics[topic]
    if metadata.error is not None:
        raise UnreadableError(f"{topic}: {metadata.error}")
    unread = set(metadata.partitions)
    consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in unread])
    while unread:
        message = consumer.poll(SILENT_S)
        if message is None:
            raise UnreadableError(f"{topic}: nothing within {SILENT_S} s")
        error = message.error()
        if error is None:
            yield message
        elif error.code() == KafkaError._PARTITION_EOF:
            unread.discard(message.partition())
        elif error.fatal() or not error.retriable():
            raise UnreadableError(f"{topic}: {error}")


def kafka_settings(file: str | None) -> dict[str, str]:
    """:param file: settings of librdkafka, such as `security.protocol=SASL_SSL`, one a line"""
    lines = [] if file is None else Path(file).read_text(encoding="utf-8").splitlines()
    told = [line.partition("=") for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return {name.strip(): value.strip() for name, _, value in told}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("topics", metavar="TOPIC", nargs="+")
    parser.add_argument("--brokers", default="127.0.0.1:9092", help="host:port, or several with commas between them")
    parser.add_argument("--config", metavar="FILE", help="settings of librdkafka, NAME=VALUE, one a line")
    parser.add_argument("--schemas", metavar="FOLDER", type=Path, help="JSON Schemas, each named by its $id")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    try:
        checker = Checker(Schemas(options.schemas) if options.schemas else None)
        consumer = Consumer(
            {
                "bootstrap.servers": options.brokers,
                **kafka_settings(options.config),
                # It joins no group and commits nothing; the library asks for a name all the same.
                "group.id": "read-topics",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
            }
        )
        try:
            reports = {topic: checker.report(read_topic(consumer, topic)) for topic in options.topics}
        finally:
            consumer.close()
    except (UnreadableError, KafkaException, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps({topic: vars(report) for topic, report in reports.items()}))
    else:
        tell(reports)
    return 1 if any(report.faults for report in reports.values()) else 0


def tell(reports: dict[str, Report]) -> None:
    for topic, report in reports.items():
        print(
            f"{topic}: {report.messages} messages, {report.repeated} repeated, {report.tombstones} tombstones, "
            f"{len(report.faults)} wrong"
        )
        for kind, count in sorted(report.types.items()):
            print(f"  {count:8} {kind}")
        for fault in report.faults:
            print(f"  wrong: {fault}")


if __name__ == "__main__":
    sys.exit(main())
