import json
import tempfile
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from confluent_kafka import Message

from events import FaultError, read_event
from read_topics import Checker
from schemas import Schemas

HEADERS: dict[str, str | bytes | None] = {
    "ce_specversion": "1.0",
    "ce_id": "e-1",
    "ce_source": "/certification-cron",
    "ce_type": "certification-cron.RunStarted",
    "ce_time": "2026-03-01T22:30:00.123Z",
    "content-type": "application/json",
}
SCHEMA = "https://example.com/schemas/run.json"


class ReadEventTest(unittest.TestCase):
    def test_reads_an_event(self) -> None:
        event = read_event(HEADERS, b"run-1", b'{"run_id":"run-1"}')
        self.assertEqual(
            (event.id, event.type, event.data), ("e-1", "certification-cron.RunStarted", {"run_id": "run-1"})
        )
        self.assertFalse(event.is_tombstone)

    def test_a_message_without_value_is_a_tombstone(self) -> None:
        self.assertTrue(read_event(HEADERS, b"run-1", None).is_tombstone)

    def test_leaves_the_headers_of_others_alone(self) -> None:
        self.assertEqual(read_event([*HEADERS.items(), ("hop", b"\xff"), ("hop", b"2")], None, b"{}").id, "e-1")

    def test_says_what_is_wrong(self) -> None:
        wrong: list[tuple[dict[str, str | bytes | None], bytes, str]] = [
            ({"ce_specversion": "2.0"}, b"{}", "no CloudEvent"),
            ({"ce_specversion": None}, b"{}", "header ce_specversion is missing"),
            ({"ce_id": None}, b"{}", "header ce_id is missing"),
            ({"ce_id": ""}, b"{}", "header ce_id is missing or empty"),
            ({"ce_source": "a b"}, b"{}", "source must be a URI reference"),
            ({"ce_source": "/%zz"}, b"{}", "source must be a URI reference"),
            ({"ce_source": "//[x"}, b"{}", "source must be a URI reference"),
            ({"ce_type": None}, b"{}", "header ce_type is missing"),
            ({"ce_time": None}, b"{}", "header ce_time is missing"),
            ({"ce_time": "2026-03-01"}, b"{}", "time must be"),
            ({"ce_time": "2026-03-01T22:30:00"}, b"{}", "time must be"),
            ({"ce_time": "2026-02-30T22:30:00Z"}, b"{}", "no CloudEvent"),
            ({"content-type": None}, b"{}", "header content-type is missing"),
            ({"content-type": "text/plain"}, b"{}", "datacontenttype must be JSON"),
            ({"ce_some-thing": "x"}, b"{}", "no CloudEvent"),
            ({"ce_actor": b"\xff"}, b"{}", "no CloudEvent"),
            ({"ce_dataschema": "/schemas/run.json"}, b"{}", "dataschema must be a URI"),
            ({}, b"{", "the value is no JSON"),
            ({}, b"\xff", "the value is no JSON"),
            ({}, b"NaN", "the value is no JSON"),
        ]
        for headers, value, reason in wrong:
            with self.subTest(headers=headers, value=value), self.assertRaises(FaultError) as raised:
                read_event(HEADERS | headers, b"run-1", value)
            self.assertIn(reason, str(raised.exception))

    def test_each_attribute_comes_once(self) -> None:
        with self.assertRaises(FaultError) as raised:
            read_event([*HEADERS.items(), ("ce_id", "e-2")], None, b"{}")
        self.assertEqual(str(raised.exception), "header ce_id comes twice")


class CheckerTest(unittest.TestCase):
    def messages(self, *values: object, **headers: str) -> Iterator[Message]:
        told = {**HEADERS, **headers}
        for offset, value in enumerate(values):
            yield Message("runs", 0, offset, value=json.dumps(value).encode(), headers=told)

    def test_counts_an_event_that_comes_again(self) -> None:
        checker = Checker(None)
        report = checker.report(self.messages({"a": 1}, {"a": 1}))
        self.assertEqual((report.messages, report.repeated, report.faults), (2, 1, []))
        self.assertEqual(checker.report(self.messages({"a": 1})).repeated, 0)

    def test_counts_tombstones_with_and_without_attributes(self) -> None:
        bare = Message("runs", 0, 0, key=b"a")
        event = Message("runs", 0, 1, key=b"a", headers=HEADERS)
        report = Checker(None).report(iter([bare, event]))
        self.assertEqual((report.messages, report.tombstones, report.faults), (2, 2, []))

    def test_finds_another_event_with_the_same_id(self) -> None:
        report = Checker(None).report(self.messages({"a": 1}, {"a": 2}))
        self.assertEqual(report.faults, ["runs/0/1: id e-1 is that of another event, too"])

    def test_what_was_cut_is_the_same_event(self) -> None:
        checker = Checker(None)
        whole = checker.report(self.messages({"a": "long"}))
        cut = checker.report(self.messages({"a": "lo…"}, ce_truncated="true"))
        self.assertEqual((whole.faults, cut.faults), ([], []))

    def test_validates_by_the_schema_that_the_event_names(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.write(folder, "id", {"$id": "https://example.com/schemas/id.json", "type": "string"})
            self.write(folder, "run", {"$id": SCHEMA, "properties": {"run_id": {"$ref": "id.json"}}})
            schemas = Schemas(Path(folder))
        checker = Checker(schemas)
        self.assertEqual(checker.report(self.messages({"run_id": "r"}, ce_dataschema=SCHEMA)).faults, [])
        bad = checker.report(self.messages({"run_id": 7}, ce_dataschema=SCHEMA, ce_id="e-2")).faults
        self.assertEqual(bad, [f"runs/0/0: $.run_id does not fit {SCHEMA}: 7 is not of type 'string'"])
        without = checker.report(self.messages({}, ce_id="e-3")).faults
        self.assertIn("dataschema is missing", without[0])
        unknown = checker.report(self.messages({}, ce_id="e-4", ce_dataschema=SCHEMA + "x")).faults
        self.assertIn("is not in the folder", unknown[0])

    def test_refuses_a_folder_without_usable_schemas(self) -> None:
        unusable: list[tuple[dict[str, Any], str]] = [
            ({"type": "string"}, "has no $id"),
            ({"$id": SCHEMA, "type": 7}, "is no JSON Schema"),
        ]
        for schema, reason in unusable:
            with tempfile.TemporaryDirectory() as folder:
                with self.assertRaisesRegex(ValueError, "has no schema in it"):
                    Schemas(Path(folder))
                self.write(folder, "run", schema)
                with self.assertRaises(ValueError) as raised:
                    Schemas(Path(folder))
            self.assertIn(reason, str(raised.exception))

    def write(self, folder: str, name: str, schema: dict[str, Any]) -> None:
        Path(folder, f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")


if __name__ == "__main__":
    unittest.main()
