import type * as z from 'zod';
import { cursorPagination } from '../../answers/pages.js';
import * as bulk from '../../answers/bulk-answers.js';
import * as events from '../../answers/event-answers.js';
import * as jobs from '../../answers/job-answers.js';
import * as people from '../../answers/people-answers.js';
import { problemAnswer } from '../../answers/problem-answer.js';
import * as runs from '../../answers/run-answers.js';
import * as schedule from '../../answers/schedule-answers.js';
import * as service from '../../answers/service-answers.js';
import { runWarningSchema } from '../../events/job-events.js';

const [registryEmpty, registryShrank, registryStale, recordsUnreadable, tooManyReminders] =
  runWarningSchema.options;

/**
 * The schemas of answers, and of what is in them, by the names that they have in the document: generated clients name
 * their types so. What has no name here gets one from each place where it is, another from each generator.
 */
export const answerComponents: Readonly<Record<string, z.ZodType>> = {
  Job: jobs.jobAnswer,
  ListedJob: jobs.listedJobAnswer,
  JobList: jobs.jobListAnswer,
  DeclaredJob: jobs.declaredJobAnswer,
  DoneByDeclaration: jobs.doneByDeclaration,
  ShownJob: jobs.shownJobAnswer,
  DeletedJob: jobs.deletedAnswer,
  JobStatus: jobs.jobStatus,
  JobWarning: jobs.jobWarning,
  CatchupPolicy: jobs.catchupPolicy,
  ConcurrencyPolicy: jobs.concurrencyPolicy,
  Selection: jobs.selectionAnswer,
  LastRunStatus: jobs.lastRunStatus,
  JobField: jobs.jobField,
  BulkAnswer: bulk.bulkAnswer,
  BulkItem: bulk.bulkItem,
  BulkOutcome: bulk.bulkOutcome,
  BulkError: bulk.bulkError,
  FieldChange: jobs.changeAnswer,
  JobMoment: jobs.jobMoment,
  JobDiff: jobs.diffAnswer,
  RunResult: jobs.resultAnswer,
  RunReasons: jobs.reasonsAnswer,
  RunWarning: runWarningSchema,
  RegistryEmpty: registryEmpty,
  RegistryShrank: registryShrank,
  RegistryStale: registryStale,
  RecordsUnreadable: recordsUnreadable,
  TooManyReminders: tooManyReminders,
  RunInList: runs.runAnswer,
  Run: runs.runWithRulesAnswer,
  RunStatus: runs.runStatus,
  RunTrigger: runs.runTrigger,
  RunError: runs.runError,
  RunRules: runs.runRules,
  RunsOfJob: runs.runsOfJobAnswer,
  Runs: runs.runsAnswer,
  StartedRun: runs.acceptedAnswer,
  EndedRun: runs.endedAnswer,
  JobEvent: events.eventAnswer,
  JobEvents: events.eventsAnswer,
  CursorPagination: cursorPagination,
  LocalSlot: schedule.localSlot,
  NextSlots: schedule.nextSlotsAnswer,
  SchedulePreview: schedule.previewAnswer,
  SlotLedger: schedule.ledgerAnswer,
  LedgerEntry: schedule.ledgerEntry,
  LedgerPeriod: schedule.ledgerPeriod,
  Certifications: people.certificationsAnswer,
  CertificationInList: people.certificationInList,
  CertificationStatus: people.certificationStatus,
  Certification: people.certificationAnswer,
  ReminderOfRun: people.reminderOfRun,
  OutlookOfJob: people.outlookOfJob,
  NextReminder: people.nextReminder,
  NoReason: people.noReason,
  Forecast: people.forecastAnswer,
  ForecastReminder: people.forecastReminder,
  Reminders: people.remindersAnswer,
  RequestedReminder: people.requestedReminder,
  Leader: service.leaderAnswer,
  Access: service.accessAnswer,
  Scope: service.scope,
  Liveness: service.liveAnswer,
  Readiness: service.readyAnswer,
  Dependency: service.dependencyAnswer,
  SchemaList: service.schemaListAnswer,
  SchemaEntry: service.schemaEntry,
  Document: service.documentAnswer,
  Problem: problemAnswer,
};
