import json
import unittest
from typing import Any

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

from messages import BadMessageError, read_run, result_message
from run import CheckFailedError, Result

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
DATA: dict[str, Any] = {
    "cron_id": "cron-1",
    "run_id": "run-1",
    "dry_run": False,
    "started_at": "2026-03-01T22:30:00.123Z",
    "timeout_seconds": 3600,
    "rules": {
        "time_zone": "Europe/Vienna",
        "reminder_thresholds": [7, -1],
        "select": {"types": ["coach"], "labels": None},
        "max_reminders": None,
        "confirm_reminders": 5,
    },
}
HEADERS = {
    "ce_specversion": b"1.0",
    "ce_id": b"e-1",
    "ce_source": b"/certification-cron",
    "ce_type": b"certification-cron.RunStarted",
    "ce_time": b"2026-03-01T22:30:00.123Z",
    "content-type": b"application/json",
}


def message(headers: dict[str, bytes] = HEADERS, **changes: object) -> KafkaMessage:
    return KafkaMessage(headers=headers, key=b"run-1", value=json.dumps(DATA | changes).encode())


class ReadRunTest(unittest.TestCase):
    def test_reads_what_the_service_publishes(self) -> None:
        run = read_run(message(HEADERS | {"traceparent": TRACE.encode()}))
        self.assertEqual((run.cron_id, run.run_id, run.dry_run), ("cron-1", "run-1", False))
        self.assertEqual(run.deadline.isoformat(), "2026-03-01T23:30:00.123000+00:00")
        self.assertEqual(str(run.rules.time_zone), "Europe/Vienna")
        self.assertEqual(run.rules.reminder_thresholds, (7, -1))
        self.assertEqual((run.rules.types, run.rules.labels), (frozenset({"coach"}), None))
        self.assertEqual((run.rules.max_reminders, run.rules.confirm_reminders), (None, 5))
        self.assertEqual(run.traceparent, TRACE)

    def test_reads_structured_events_too(self) -> None:
        attributes = {"specversion": "1.0", "id": "e-1", "source": "/x", "type": "certification-cron.RunStarted"}
        headers = {"content-type": b"application/cloudevents+json"}
        run = read_run(KafkaMessage(headers=headers, key=None, value=json.dumps(attributes | {"data": DATA}).encode()))
        self.assertEqual(run.run_id, "run-1")

    def test_runs_of_old_have_the_usual_rules(self) -> None:
        self.assertEqual(read_run(message(rules=None)).rules.reminder_thresholds, (30, 14, 7, 1, 0))

    def test_tells_a_message_that_was_cut(self) -> None:
        self.assertTrue(read_run(message(HEADERS | {"ce_truncated": b"true"})).is_truncated)

    def test_says_what_is_wrong(self) -> None:
        wrong = [
            (message(run_id=7), "run_id must be of the type str"),
            (message(run_id=""), "run_id must be a text of 1 to 200 characters"),
            (message(run_id="r" * 201), "run_id must be a text of 1 to 200 characters"),
            (message(cron_id="\ud800"), "cron_id must be a text of 1 to 200 characters that can be printed"),
            (message(cron_id="a\nb"), "cron_id must be a text of 1 to 200 characters that can be printed"),
            (message(dry_run="no"), "dry_run must be of the type bool"),
            (message(timeout_seconds=True), "timeout_seconds must be of the type int"),
            (message(timeout_seconds=10**400), "timeout_seconds must be from 1 to 604800"),
            (message(started_at="9999-12-31T23:00:00Z"), "started_at must be an instant"),
            (message(started_at="yesterday"), "started_at must be an instant"),
            (message(started_at="2026-03-01T22:30:00"), "started_at must have an offset"),
            (message(rules={"time_zone": "Europe/Nowhere"}), "time_zone must be a zone"),
            (message(rules={"time_zone": "../etc"}), "time_zone must be a zone"),
            (message(rules={"reminder_thresholds": [True]}), "reminder_thresholds must be of the type int"),
            (message(rules={"select": []}), "select must be an object"),
            (message({**HEADERS, "ce_type": b"other"}), "type must be certification-cron.RunStarted"),
            (message({**HEADERS, "ce_time": b"noon"}), "no CloudEvent"),
            (message({**HEADERS, "ce_id": b"\xff"}), "no CloudEvent"),
            (message({}), "no CloudEvent"),
            (message({**HEADERS, "ce_type": b"t" * 100_000}), "type must be certification-cron.RunStarted"),
            (KafkaMessage(HEADERS, b"run-1", b"{"), "data must be an object"),
            (KafkaMessage(HEADERS, b"run-1", b"\xff"), "data must be an object"),
            (KafkaMessage(HEADERS, b"\xff", b"{}"), "cron_id is missing"),
            (KafkaMessage(HEADERS, b"run-1", b""), "data must be an object"),
            (KafkaMessage(HEADERS, b"run-1", b"{}"), "cron_id is missing"),
            (KafkaMessage({}, None, b"[" * 100_000), "no CloudEvent"),
        ]
        for bad, reason in wrong:
            with self.subTest(reason), self.assertRaises(BadMessageError) as raised:
                read_run(bad)
            self.assertIn(reason, str(raised.exception))
            self.assertLessEqual(len(str(raised.exception)), 1_000)

    def test_ignores_a_trace_that_is_none(self) -> None:
        junk = {"traceparent": b"\xff" * 1_000}
        self.assertIsNone(read_run(message(HEADERS | junk)).traceparent)
        self.assertEqual(read_run(message(HEADERS | junk | {"ce_traceparent": TRACE.encode()})).traceparent, TRACE)


class ResultMessageTest(unittest.TestCase):
    def test_has_the_counts(self) -> None:
        run = read_run(message(HEADERS | {"ce_traceparent": TRACE.encode()}))
        answer = result_message(run, Result(mentors_checked=3, reminders_sent=2, errors=0, reasons={"not_due": 1}))
        event = from_binary_event(answer)
        self.assertEqual(answer.key, "run-1")
        self.assertEqual(event.get_id(), "result-run-1")
        counts = {"mentors_checked": 3, "reminders_sent": 2, "errors": 0, "reasons": {"not_due": 1}}
        said = {"cron_id": "cron-1", "run_id": "run-1", "status": "success", "result": counts}
        self.assertEqual(event.get_data(), said)
        self.assertEqual(answer.headers["traceparent"], TRACE.encode())
        self.assertEqual(event.get_extension("traceparent"), TRACE)

    def test_has_the_error(self) -> None:
        answer = result_message(read_run(message()), CheckFailedError("directory_down", "no answer"))
        error = {"code": "directory_down", "message": "no answer"}
        said = {"cron_id": "cron-1", "run_id": "run-1", "status": "failed", "error": error}
        self.assertEqual(json.loads(answer.value), said)
        self.assertNotIn("traceparent", answer.headers)

    def test_cuts_an_error_that_is_a_whole_output(self) -> None:
        answer = result_message(read_run(message()), CheckFailedError("directory_down", "x" * 3_000_000))
        self.assertEqual(len(json.loads(answer.value)["error"]["message"]), 2_000)


if __name__ == "__main__":
    unittest.main()
