"""A call or more of each operation. What one leaves for those after it is in `known`."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from certification_cron_client.api.access import get_access
from certification_cron_client.api.certifications_and_reminders import (
    explain_certification,
    forecast,
    list_certifications,
    list_reminders,
)
from certification_cron_client.api.events import list_events, list_events_of_job, stream_events, stream_events_of_job
from certification_cron_client.api.jobs import (
    act_on_jobs,
    create_job,
    declare_job,
    delete_job,
    diff_job,
    get_job,
    get_job_by_key,
    list_jobs,
    reset_watermark,
    restore_job,
    revert_job,
    update_job,
)
from certification_cron_client.api.leader import get_leader
from certification_cron_client.api.runs import cancel_run, execute_job, get_run, list_runs, list_runs_of_job
from certification_cron_client.api.service import (
    get_async_api,
    get_metrics,
    get_open_api,
    get_schema,
    is_live,
    is_ready,
    list_schemas,
)
from certification_cron_client.api.slots import next_slots, preview_schedule, slot_ledger
from certification_cron_client.models import (
    Access,
    ActOnJobsRequest,
    ActOnJobsRequestAction,
    ActOnJobsRequestFilter,
    BulkAnswer,
    BulkOutcome,
    CancelRunRequest,
    Certification,
    Certifications,
    CertificationStatus,
    ConcurrencyPolicy,
    CreateJobRequest,
    DeclaredJob,
    DeclareJobRequest,
    DeletedJob,
    DeleteJobRequest,
    Document,
    DoneByDeclaration,
    EndedRun,
    ExecuteJobRequest,
    Forecast,
    ForecastFormat,
    Job,
    JobDiff,
    JobEvents,
    JobField,
    JobList,
    JobStatus,
    Leader,
    LeaderStatus,
    LedgerPeriodState,
    ListCertificationsFormat,
    ListCertificationsStatus,
    ListEventsTypeItem,
    ListJobsSort,
    ListRemindersFormat,
    ListRunsOfJobStatus,
    ListRunsTrigger,
    Liveness,
    NextSlots,
    PreviewScheduleRequest,
    Readiness,
    ReadinessStatus,
    Reminders,
    RestoreJobRequest,
    RevertJobRequest,
    Run,
    RunError,
    RunReasons,
    RunResult,
    RunRules,
    Runs,
    RunsOfJob,
    RunStatus,
    RunTrigger,
    SchedulePreview,
    SchemaList,
    Scope,
    Selection,
    SelectionRequest,
    ShownJob,
    SlotLedger,
    StartedRun,
    StreamEventsTypeItem,
    UpdateJobRequest,
)

from client import client, expect_problem, lines_of, parsed, text_of

known = SimpleNamespace(job="", etag="", run="")
KEY = "python"


def creates_a_job() -> None:
    body = CreateJobRequest(
        name="nightly",
        cron_expression="0 2 * * *",
        concurrency_policy=ConcurrencyPolicy.ALLOW,
        select=SelectionRequest(types=['Erste "Hilfe"']),
        labels=["eu", "night & day"],
    )
    response = create_job.sync_detailed(client=client, body=body, idempotency_key="python-1")
    job = parsed(Job, response, 201)
    assert job.select == Selection(types=['Erste "Hilfe"'], labels=None), job.select
    assert job.created_at is not None and job.created_at.tzinfo is not None
    again = parsed(Job, create_job.sync_detailed(client=client, body=body, idempotency_key="python-1"), 201)
    assert again.id == job.id
    known.job, known.etag = job.id, response.headers["etag"]
    body.name = ""
    problem = expect_problem(create_job.sync_detailed(client=client, body=body), 400, "invalid_request")
    assert problem.errors and problem.errors[0].field == "name", problem


def lists_jobs() -> None:
    page = parsed(
        JobList,
        list_jobs.sync_detailed(
            client=client, label=["eu", "night & day"], enabled=True, sort=ListJobsSort.VALUE_1, limit=1
        ),
    )
    assert [(job.id, job.status) for job in page.data] == [(known.job, JobStatus.ACTIVE)]
    assert page.pagination.total == 1


def updates_a_job() -> None:
    body = UpdateJobRequest(time_zone="Asia/Kolkata", reason="the office moves")
    job = parsed(Job, update_job.sync_detailed(known.job, client=client, body=body, if_match=known.etag))
    assert job.time_zone == "Asia/Kolkata"
    body = UpdateJobRequest(enabled=False)
    expect_problem(
        update_job.sync_detailed(known.job, client=client, body=body, if_match=known.etag), 412, "precondition_failed"
    )
    expect_problem(
        update_job.sync_detailed(known.job, client=client, body=body, if_none_match="*"), 412, "precondition_failed"
    )


def shows_a_job() -> None:
    job = parsed(ShownJob, get_job.sync_detailed(known.job, client=client, as_of=1))
    assert (job.time_zone, job.version) == ("UTC", 1)
    job = parsed(ShownJob, get_job.sync_detailed(known.job, client=client, as_of=datetime.now(UTC)))
    assert job.time_zone == "Asia/Kolkata"
    expect_problem(get_job.sync_detailed("cron-0", client=client), 404, "cron_job_not_found")


def compares_versions() -> None:
    diff = parsed(JobDiff, diff_job.sync_detailed(known.job, client=client, from_=1, to=datetime.now(UTC)))
    assert [(one.field, one.from_, one.to) for one in diff.changes] == [(JobField.TIME_ZONE, "UTC", "Asia/Kolkata")]


def reverts_a_job() -> None:
    body = RevertJobRequest(version=1, reason="it moves back")
    job = parsed(Job, revert_job.sync_detailed(known.job, client=client, body=body))
    assert job.time_zone == "UTC"


def declares_a_job() -> None:
    body = DeclareJobRequest(name="declared", cron_expression="*/5 * * * *", enabled=False)
    job = parsed(DeclaredJob, declare_job.sync_detailed(KEY, client=client, body=body), 201)
    assert job.declared is DoneByDeclaration.CREATED
    job = parsed(DeclaredJob, declare_job.sync_detailed(KEY, client=client, body=body))
    assert job.declared is DoneByDeclaration.UNCHANGED


def acts_on_jobs() -> None:
    body = ActOnJobsRequest(
        filter_=ActOnJobsRequestFilter(label=["night & day"]),
        action=ActOnJobsRequestAction.DISABLE,
        reason="a holiday",
        dry_run=True,
    )
    answer = parsed(BulkAnswer, act_on_jobs.sync_detailed(client=client, body=body))
    assert [(one.id, one.outcome, one.error) for one in answer.data] == [(known.job, BulkOutcome.WOULD_DO, None)]


def shows_a_job_by_its_key() -> None:
    job = parsed(Job, get_job_by_key.sync_detailed(KEY, client=client))
    assert (job.key, job.status, job.next_run_at) == (KEY, JobStatus.DISABLED, None)


def resets_a_watermark() -> None:
    job = parsed(Job, get_job_by_key.sync_detailed("settled-ahead", client=client))
    assert job.settled_ahead_until is not None
    assert job.settled_ahead_until > datetime.now(UTC)
    job = parsed(Job, reset_watermark.sync_detailed(job.id, client=client))
    assert job.settled_ahead_until is None


def shows_slots() -> None:
    slots = parsed(NextSlots, next_slots.sync_detailed(known.job, client=client, count=3))
    assert len(slots.data) == 3
    assert slots.data[0].slot > datetime.now(UTC)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    ledger = parsed(SlotLedger, slot_ledger.sync_detailed(known.job, client=client, from_=yesterday))
    assert ledger.periods[-1].state is LedgerPeriodState.ACTIVE
    body = PreviewScheduleRequest(
        cron_expression="30 2 * * *",
        time_zone="America/New_York",
        from_=datetime(2026, 3, 8, tzinfo=UTC),
        count=1,
    )
    preview = parsed(SchedulePreview, preview_schedule.sync_detailed(client=client, body=body))
    assert preview.data[0].note


def executes_a_job() -> None:
    run = parsed(EndedRun, execute_job.sync_detailed(known.job, client=client, wait=20))
    assert (run.status, run.dry_run) == (RunStatus.SUCCESS, False)
    assert isinstance(run.result, RunResult)
    assert run.result.reminders_sent > 0
    assert isinstance(run.result.reasons, RunReasons)
    assert run.result.reasons["withdrawn"] == 1
    known.run = run.run_id


def cancels_a_run() -> None:
    started = parsed(
        StartedRun,
        execute_job.sync_detailed(
            known.job, client=client, body=ExecuteJobRequest(dry_run=True), idempotency_key="held"
        ),
        202,
    )
    body = CancelRunRequest(reason="a wrong import")
    run = parsed(Run, cancel_run.sync_detailed(known.job, started.run_id, client=client, body=body))
    assert isinstance(run.error, RunError)
    assert run.error.code == "cancelled"


def shows_runs() -> None:
    run = parsed(Run, get_run.sync_detailed(known.job, known.run, client=client, wait=1))
    assert isinstance(run.rules, RunRules)
    assert isinstance(run.rules.select, Selection)
    assert run.rules.select.types == ['Erste "Hilfe"']
    of_job = parsed(
        RunsOfJob,
        list_runs_of_job.sync_detailed(known.job, client=client, status=ListRunsOfJobStatus.SUCCESS, dry_run=False),
    )
    assert [(run.run_id, run.trigger) for run in of_job.data] == [(known.run, RunTrigger.MANUAL)]
    since = datetime(2026, 1, 1, tzinfo=UTC)
    runs = parsed(Runs, list_runs.sync_detailed(client=client, trigger=ListRunsTrigger.MANUAL, from_=since, limit=5))
    assert known.run in [run.run_id for run in runs.data]


def lists_reminders() -> None:
    page = parsed(Reminders, list_reminders.sync_detailed(known.job, known.run, client=client))
    assert page.data[0].requested_at <= datetime.now(UTC)
    csv = text_of(list_reminders._get_kwargs(known.job, known.run, format_=ListRemindersFormat.CSV))
    assert csv.startswith("certification_id,"), csv


def forecasts_reminders() -> None:
    page = parsed(Forecast, forecast.sync_detailed(known.job, client=client, on=date(2026, 1, 1), limit=2))
    assert page.on == date(2026, 1, 1)
    assert page.result.mentors_checked > 0
    csv = text_of(forecast._get_kwargs(known.job, format_=ForecastFormat.CSV))
    assert csv.startswith("certification_id,"), csv


def shows_certifications() -> None:
    page = parsed(
        Certifications,
        list_certifications.sync_detailed(
            client=client, status=ListCertificationsStatus.ACTIVE, type_='Erste "Hilfe"', limit=3
        ),
    )
    assert len(page.data) == 3
    assert page.data[0].status is CertificationStatus.ACTIVE
    assert page.data[0].labels == ["a", 'b "c"', "ü, ö"]
    assert page.pagination.next_cursor
    assert "a/b" in text_of(list_certifications._get_kwargs(format_=ListCertificationsFormat.CSV))
    one = parsed(Certification, explain_certification.sync_detailed("a/b", client=client))
    assert one.certification_id == "a/b"
    assert known.run in [reminder.run_id for reminder in one.reminders]
    expect_problem(explain_certification.sync_detailed("nobody", client=client), 404, "certification_not_found")


def deletes_and_restores_a_job() -> None:
    deleted = parsed(
        DeletedJob,
        delete_job.sync_detailed(known.job, client=client, body=DeleteJobRequest(reason="no longer needed")),
    )
    assert deleted.id == known.job
    body = RestoreJobRequest(reason="it was needed")
    job = parsed(Job, restore_job.sync_detailed(known.job, client=client, body=body))
    assert job.status is JobStatus.ACTIVE


def lists_events() -> None:
    page = parsed(JobEvents, list_events_of_job.sync_detailed(known.job, client=client))
    moved = next(event for event in page.data if event.reason == "the office moves")
    assert isinstance(moved.changes, list)
    assert moved.changes[0].field is JobField.TIME_ZONE
    types = [ListEventsTypeItem.CRONJOBDELETED, ListEventsTypeItem.CRONJOBRESTORED]
    page = parsed(JobEvents, list_events.sync_detailed(client=client, cron_id=known.job, type_=types))
    assert [event.type_ for event in page.data] == ["CronJobRestored", "CronJobDeleted"]


def follows_events() -> None:
    with lines_of(stream_events_of_job._get_kwargs(known.job, from_="start")) as lines:
        assert "CronJobScheduled" in next(line for line in lines if line.startswith("data: "))
    types = [StreamEventsTypeItem.CRONJOBDELETED, StreamEventsTypeItem.CRONJOBRESTORED]
    with lines_of(stream_events._get_kwargs(from_="start", type_=types)) as lines:
        assert "CronJobDeleted" in next(line for line in lines if line.startswith("data: "))


def asks_after_the_service() -> None:
    leader = parsed(Leader, get_leader.sync_detailed(client=client))
    assert (leader.leading, leader.status) == (True, LeaderStatus.HELD)
    access = parsed(Access, get_access.sync_detailed(client=client))
    assert access.scopes == [Scope.READ, Scope.OPERATE, Scope.WRITE, Scope.ADMIN, Scope.PEOPLE]
    assert parsed(Liveness, is_live.sync_detailed(client=client)).status == "ok"
    assert parsed(Readiness, is_ready.sync_detailed(client=client)).status is ReadinessStatus.READY
    assert "\ncertification_cron_build_info{" in parsed(str, get_metrics.sync_detailed(client=client))


def reads_documents() -> None:
    assert parsed(Document, get_open_api.sync_detailed(client=client))["openapi"] == "3.1.1"
    assert parsed(Document, get_async_api.sync_detailed(client=client))["asyncapi"].startswith("3.")
    assert len(parsed(SchemaList, list_schemas.sync_detailed(client=client)).schemas) > 20
    assert parsed(Document, get_schema.sync_detailed("RunStarted.3.json", client=client))["type"] == "object"
    expect_problem(get_schema.sync_detailed("Nothing.1.json", client=client), 404, "path_not_found")


CALLS = (
    creates_a_job,
    lists_jobs,
    updates_a_job,
    shows_a_job,
    compares_versions,
    reverts_a_job,
    declares_a_job,
    acts_on_jobs,
    shows_a_job_by_its_key,
    resets_a_watermark,
    shows_slots,
    executes_a_job,
    cancels_a_run,
    shows_runs,
    lists_reminders,
    forecasts_reminders,
    shows_certifications,
    deletes_and_restores_a_job,
    lists_events,
    follows_events,
    asks_after_the_service,
    reads_documents,
)
