import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REFUSALS, type Refusal } from '../access/credentials.js';
import type { RunWarning } from '../events/job-events.js';

/** What the service counts and measures, for Prometheus. */
export interface ServiceMetrics {
  /** Metrics queried at each scrape register here. */
  registry: Registry;
  /** Records a slot started by this instance, `lateByMs` after its time. */
  slotStarted: (lateByMs: number) => void;
  /** Counts a run whose end this instance has written. */
  runEnded: (outcome: RunOutcome) => void;
  /** Counts what such a run warns of. */
  runWarned: (code: RunWarning['code']) => void;
  /** Counts a request whose sender is not known, may not do this, or asks too often. */
  requestRefused: (reason: Refusal) => void;
  /** In the text format of Prometheus; those who ask at the same time get the same. */
  text(): Promise<string>;
  contentType: string;
}

const OUTCOMES = ['success', 'failed', 'timed_out', 'cancelled', 'too_many_reminders'] as const;

export type RunOutcome = (typeof OUTCOMES)[number];

/** A record by name, so that the compiler reports a missing code. */
const everyWarning: Record<RunWarning['code'], true> = {
  registry_empty: true,
  registry_shrank: true,
  registry_stale: true,
  records_unreadable: true,
  too_many_reminders: true,
};

export const PREFIX = 'certification_cron_';
const LATENESS_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/**
 * Created before the parts it measures, which get its callbacks.
 * @param build what runs: the versions of the service and of Node.js
 */
export function createServiceMetrics(build: { version: string; node: string }): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the labels say which version of the service runs on which version of Node.js',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set(build, 1);
  const lateness = new Histogram({
    name: `${PREFIX}slot_lateness_seconds`,
    help: 'From the time of a slot to the start of its run, of the slots that this instance has started',
    buckets: LATENESS_BUCKETS_S,
    registers: [registry],
  });
  const ended = new Counter({
    name: `${PREFIX}runs_ended_total`,
    help: 'Runs whose end this instance has written, dry ones included, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) ended.inc({ outcome }, 0);
  const warned = new Counter({
    name: `${PREFIX}run_warnings_total`,
    help: 'Warnings of the runs whose end this instance has written, dry ones included, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  for (const code of Object.keys(everyWarning)) warned.inc({ code }, 0);
  const refusedRequests = new Counter({
    name: `${PREFIX}refused_requests_total`,
    help: 'Requests that were refused because of who has sent them, by what was wrong',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of REFUSALS) refusedRequests.inc({ reason }, 0);
  let asked: Promise<string> | undefined;
  return {
    registry,
    slotStarted: (lateByMs) => {
      lateness.observe(lateByMs / 1_000);
    },
    runEnded: (outcome) => {
      ended.inc({ outcome });
    },
    runWarned: (code) => {
      warned.inc({ code });
    },
    requestRefused: (reason) => {
      refusedRequests.inc({ reason });
    },
    text() {
      asked ??= registry.metrics().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    contentType: registry.contentType,
  };
}
