import type * as z from 'zod';
import { bulkAnswer } from '../../answers/bulk-answers.js';
import { eventAnswer, eventsAnswer } from '../../answers/event-answers.js';
import {
  changeAnswer,
  declaredJobAnswer,
  deletedAnswer,
  diffAnswer,
  jobAnswer,
  jobListAnswer,
  listedJobAnswer,
  resultAnswer,
  shownJobAnswer,
} from '../../answers/job-answers.js';
import {
  certificationAnswer,
  certificationsAnswer,
  forecastAnswer,
  remindersAnswer,
} from '../../answers/people-answers.js';
import { problemAnswer } from '../../answers/problem-answer.js';
import {
  acceptedAnswer,
  endedAnswer,
  runAnswer,
  runsAnswer,
  runsOfJobAnswer,
  runWithRulesAnswer,
} from '../../answers/run-answers.js';
import { ledgerAnswer, nextSlotsAnswer, previewAnswer } from '../../answers/schedule-answers.js';
import {
  documentAnswer,
  leaderAnswer,
  liveAnswer,
  readyAnswer,
  schemaListAnswer,
} from '../../answers/service-answers.js';

/** The schemas of answers, by the names that they have in the document: generated clients name their types so. */
export const answerComponents: Readonly<Record<string, z.ZodType>> = {
  Job: jobAnswer,
  ListedJob: listedJobAnswer,
  JobList: jobListAnswer,
  DeclaredJob: declaredJobAnswer,
  ShownJob: shownJobAnswer,
  DeletedJob: deletedAnswer,
  BulkAnswer: bulkAnswer,
  FieldChange: changeAnswer,
  JobDiff: diffAnswer,
  RunResult: resultAnswer,
  RunInList: runAnswer,
  Run: runWithRulesAnswer,
  RunsOfJob: runsOfJobAnswer,
  Runs: runsAnswer,
  StartedRun: acceptedAnswer,
  EndedRun: endedAnswer,
  JobEvent: eventAnswer,
  JobEvents: eventsAnswer,
  NextSlots: nextSlotsAnswer,
  SchedulePreview: previewAnswer,
  SlotLedger: ledgerAnswer,
  Certifications: certificationsAnswer,
  Certification: certificationAnswer,
  Forecast: forecastAnswer,
  Reminders: remindersAnswer,
  Leader: leaderAnswer,
  Liveness: liveAnswer,
  Readiness: readyAnswer,
  SchemaList: schemaListAnswer,
  Document: documentAnswer,
  Problem: problemAnswer,
};
