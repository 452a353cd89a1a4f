import os
import tempfile
import unittest
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from check import check, most_reminders
from run import CheckFailedError, Result, Rules, Run

RULES = Rules(
    time_zone=ZoneInfo("UTC"),
    reminder_thresholds=(30, 7, 0),
    types=None,
    labels=None,
    max_reminders=None,
    confirm_reminders=None,
)
RUN = Run(
    cron_id="cron-1",
    run_id="run-1",
    dry_run=False,
    started_at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC),
    timeout_seconds=3600,
    rules=RULES,
    traceparent=None,
    is_truncated=False,
)


def run_with(run_id: str = "run-1", *, dry_run: bool = False, **rules: object) -> Run:
    return replace(RUN, run_id=run_id, dry_run=dry_run, rules=replace(RULES, **rules))  # type: ignore[arg-type]


class CheckTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name, "certifications.csv")
        variables = {"CERTIFICATIONS_FILE": str(self.file), "REMINDERS_FILE": str(Path(folder.name, "reminders.db"))}
        environment = patch.dict(os.environ, variables)
        environment.start()
        self.addCleanup(environment.stop)

    def given(self, *rows: str, columns: str = "certification_id,mentor_id,expires_at,type,labels,status") -> None:
        self.file.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")

    def assert_reasons(self, result: Result, **reasons: int) -> None:
        self.assertEqual(result.reasons, reasons)

    def test_counts_mentors_reminders_and_why_none_is_due(self) -> None:
        self.given(
            "c-1,m-1,2026-03-08,,,",
            "c-2,m-1,2027-01-01,,,",
            "c-3,m-2,2026-03-08,,,suspended",
            "c-4,m-2,2026-03-08,,,withdrawn",
            "c-5,m-3,2026-02-22,,,",
            "c-6,m-3,2026-02-21,,,",
        )
        result = check(RUN)
        self.assertEqual((result.mentors_checked, result.reminders_sent, result.errors), (3, 2, 0))
        self.assertEqual(result.records_checked, 6)
        self.assert_reasons(result, not_due=1, suspended=1, withdrawn=1, too_long_expired=1)

    def test_a_repeat_of_a_run_says_the_same_and_asks_for_nothing(self) -> None:
        self.given("c-1,m-1,2026-03-08,,,")
        self.assertEqual(check(RUN), check(RUN))
        self.assert_reasons(check(run_with("run-2")), already_asked=1)

    def test_a_dry_run_says_what_a_real_one_would_and_leaves_nothing(self) -> None:
        self.given("c-1,m-1,2026-03-08,,,")
        dry = check(run_with("run-1", dry_run=True))
        self.assertEqual(dry.reminders_sent, 1)
        self.assertEqual(check(run_with("run-2")), dry)

    def test_after_a_nearer_threshold_none_is_asked_for(self) -> None:
        self.given("c-1,m-1,2026-03-08,,,")
        check(RUN)
        self.assert_reasons(check(run_with("run-2", reminder_thresholds=(30,))), nearer_asked=1)

    def test_the_latest_of_a_mentor_and_type_renews_the_others(self) -> None:
        self.given("c-1,m-1,2026-03-08,first-aid,,", "c-2,m-1,2028-03-08,first-aid,,", "c-3,m-1,2026-03-08,coach,,")
        result = check(RUN)
        self.assertEqual(result.reminders_sent, 1)
        self.assert_reasons(result, superseded=1, not_due=1)

    def test_of_those_that_expire_on_the_same_day_one_counts(self) -> None:
        self.given("c-2,m-1,2026-03-08,first-aid,,", "c-1,m-1,2026-03-08,first-aid,,")
        result = check(RUN)
        self.assertEqual(result.reminders_sent, 1)
        self.assert_reasons(result, superseded=1)

    def test_selects_by_type_and_label(self) -> None:
        self.given(
            "c-1,m-1,2026-03-08,coach,north|east,", "c-2,m-2,2026-03-08,coach,south,", "c-3,m-3,2026-03-08,,east,"
        )
        result = check(run_with(types=frozenset({"coach"}), labels=frozenset({"east"})))
        self.assertEqual(result.reminders_sent, 1)
        self.assert_reasons(result, not_selected=2)

    def test_measures_days_in_the_zone_of_the_run(self) -> None:
        # In Auckland the run is on 2 March already, and the expiry still on the 9th.
        self.given("c-1,m-1,2026-03-09T05:00:00Z,,,")
        self.assertEqual(check(run_with("run-1", reminder_thresholds=(7,))).reminders_sent, 0)
        in_auckland = run_with("run-2", reminder_thresholds=(7,), time_zone=ZoneInfo("Pacific/Auckland"))
        self.assertEqual(check(in_auckland).reminders_sent, 1)

    def test_reminds_of_nothing_that_cannot_be_renewed_yet(self) -> None:
        self.given(
            "c-1,m-1,7,2",
            "c-2,m-2,7,0",
            columns="certification_id,mentor_id,expires_in_days,renewable_in_days",
        )
        result = check(RUN)
        self.assertEqual(result.reminders_sent, 1)
        self.assert_reasons(result, not_renewable_yet=1)

    def test_counts_rows_that_cannot_be_read_as_errors(self) -> None:
        self.given(
            "c-1,m-1,2026-03-08,,,",
            "c-2,m-2,2026-02-30,,,",
            ",m-3,2026-03-08,,,",
            "c-4",
            "c-5,m-5,2026-03-08,,,gone",
        )
        result = check(RUN)
        self.assertEqual((result.reminders_sent, result.errors, result.records_checked), (1, 4, 5))

    def test_fails_without_its_file(self) -> None:
        with self.assertRaises(CheckFailedError) as raised:
            check(RUN)
        self.assertEqual(raised.exception.code, "certifications_unreadable")

    def test_asks_for_all_or_for_none(self) -> None:
        self.given("c-1,m-1,2026-03-08,,,", "c-2,m-2,2026-03-08,,,")
        with self.assertRaises(CheckFailedError) as raised:
            check(run_with("run-1", max_reminders=1))
        self.assertEqual(raised.exception.code, "reminder_limit")
        self.assertEqual(check(run_with("run-2", max_reminders=1, dry_run=True)).reminders_sent, 2)
        self.assertEqual(check(run_with("run-3", max_reminders=1, confirm_reminders=2)).reminders_sent, 2)

    def test_the_usual_limit_grows_with_the_records(self) -> None:
        self.assertEqual(most_reminders(RULES, 500), 1_000)
        self.assertEqual(most_reminders(RULES, 20_000), 2_000)
        self.assertIsNone(most_reminders(replace(RULES, max_reminders=0), 500))


if __name__ == "__main__":
    unittest.main()
