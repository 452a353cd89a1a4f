import { Router, type Express, type Request, type Response } from 'express';
import { accessRoutes } from './access-routes.js';
import { isPreflight } from './allow-origins.js';
import { createApplication, type ApplicationDependencies } from './application.js';
import { bulkRoutes, type BulkRoutesDependencies } from './bulk-routes.js';
import { certificationRoutes, type CertificationRoutesDependencies } from './certification-routes.js';
import { declaredJobRoutes } from './declared-job-routes.js';
import { dashboardRoutes } from './dashboard-routes.js';
import { docsRoutes } from './docs-routes.js';
import { documentRoutes, type DocumentRoutesDependencies } from './document-routes.js';
import { eventRoutes, type EventRoutesDependencies } from './event-routes.js';
import { eventStreamRoutes, type EventStreamRoutesDependencies } from './event-stream-routes.js';
import { forecastRoutes, type ForecastRoutesDependencies } from './forecast-routes.js';
import { guardRoutes } from './guard-routes.js';
import { healthRoutes, type HealthDependencies } from './health.js';
import { identify, type IdentifyDependencies } from './identify.js';
import { inTurn } from './in-turn.js';
import { leaderRoutes, type LeaderRoutesDependencies } from './leader-routes.js';
import { limitRate } from './limit-rate.js';
import { createJobAnswers, type JobAnswersDependencies } from './job-answers.js';
import { jobRequests } from './job-requests.js';
import { createJobReads, type JobReadsDependencies } from './job-reads.js';
import { jobRoutes, type JobRoutesDependencies } from './job-routes.js';
import { createPastJobs, type PastJobsDependencies } from './past-jobs.js';
import { ledgerRoutes, type LedgerRoutesDependencies } from './ledger-routes.js';
import { metricsRoute, type MetricsRouteDependencies } from './metrics-route.js';
import { askForBody, readJson } from './read-json.js';
import type { PageFiles } from './page-file.js';
import { refuseConditions } from './refuse-conditions.js';
import { reminderRoutes, type ReminderRoutesDependencies } from './reminder-routes.js';
import { requireJson } from './require-json.js';
import { createSend } from './send-command.js';
import { wholeBody } from './whole-body.js';
import { createRunWaits, type RunWaitsDependencies } from './run-waits.js';
import { runLists, type RunListsDependencies } from './run-lists.js';
import { runRoutes, type RunRoutesDependencies } from './run-routes.js';
import { unless } from './unless.js';
import { whenStarted, type WhenStartedDependencies } from './when-started.js';
import { timeTravelRoutes, type TimeTravelRoutesDependencies } from './time-travel-routes.js';
import { scheduleRoutes, type ScheduleRoutesDependencies } from './schedule-routes.js';

export const BASE_PATH = '/api/v1/certification-cron';

/** Of all routes together. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

type RoutesDependencies = JobRoutesDependencies &
  BulkRoutesDependencies &
  TimeTravelRoutesDependencies &
  JobAnswersDependencies &
  PastJobsDependencies &
  RunListsDependencies &
  RunRoutesDependencies &
  RunWaitsDependencies &
  JobReadsDependencies &
  CertificationRoutesDependencies &
  ForecastRoutesDependencies &
  ReminderRoutesDependencies &
  EventRoutesDependencies &
  ScheduleRoutesDependencies &
  LedgerRoutesDependencies &
  EventStreamRoutesDependencies &
  LeaderRoutesDependencies;

type Dependencies = Omit<RoutesDependencies, 'requests' | 'jobs' | 'send' | 'past' | 'answers' | 'waits'> &
  Omit<ApplicationDependencies, 'methods' | 'whatIsHere'> &
  HealthDependencies &
  MetricsRouteDependencies &
  DocumentRoutesDependencies &
  WhenStartedDependencies &
  IdentifyDependencies & {
    /** Requests of a sender in a minute; undefined is without a limit. */
    rateLimit: number | undefined;
    /** For people; their files are for everybody. */
    pages: { docs: PageFiles; dashboard: PageFiles };
  };

type FromCore =
  | 'clock'
  | 'store'
  | 'fold'
  | 'commands'
  | 'leadership'
  | 'modelsLag'
  | 'outlook'
  | 'follower'
  | 'bringUpRows';

type FromHistory = 'history' | 'audit';

export type ApiDependencies = Omit<Dependencies, FromCore | FromHistory> & {
  core: Pick<Dependencies, FromCore>;
  reads: Pick<Dependencies, FromHistory>;
};

export interface Api {
  /** All that the service answers. */
  api: Express;
  /** Only what tells its state: for a port of its own, which clients of the API cannot use up. */
  probes: Express;
}

export function createApi(given: ApiDependencies): Api {
  const { core, logger, ids, log, metrics, dependencies, version, phase, started, hosts } = given;
  const { allowSeconds, tzdataVersion, credentials, rateLimit, stopping, corsOrigins, documents } = given;
  const { history, audit } = given.reads;
  const { clock, store, fold, commands, leadership, modelsLag, outlook, follower, bringUpRows } = core;
  const requests = jobRequests({ allowSeconds });
  const jobs = createJobReads({ store, fold, modelsLag });
  const send = createSend({ commands, log, history });
  const past = createPastJobs({ history, clock });
  const waits = createRunWaits({ fold, jobs, bringUpRows, clock, stopping });
  const answers = createJobAnswers({ jobs, fold, clock, allowSeconds });
  const health = healthRoutes({ version, phase, dependencies, leadership, clock });
  const state = Router().use(health, metricsRoute({ metrics }));
  const refused = metrics.requestRefused;
  // Where limits count anonymous preflights, those of all pages behind a proxy would keep one another out.
  const sender = [identify({ credentials, metrics }), limitRate(rateLimit, clock, refused)];
  const isOfBrowser = (_request: Request, response: Response): boolean => isPreflight(response);
  const all = Router().use(
    health,
    documentRoutes({ documents }),
    docsRoutes({ docsFiles: given.pages.docs }),
  );
  all.use(dashboardRoutes({ dashboardFiles: given.pages.dashboard }));
  all.use(...sender.map((handler) => unless(isOfBrowser, handler)));
  all.use(guardRoutes(metricsRoute({ metrics }), refused));
  // Fixed words before ids, or `preview` would be one. A certification may be called `runs`.
  const routes = [
    leaderRoutes({ leadership }),
    accessRoutes(),
    certificationRoutes({ outlook, jobs, fold, clock, requests }),
    forecastRoutes({ outlook, fold, clock }),
    reminderRoutes({ outlook, jobs, store }),
    bulkRoutes({ commands, jobs, store, fold, log, clock, logger }),
    declaredJobRoutes({ send, jobs, past, answers, fold, clock, ids, requests }),
    eventRoutes({ log, clock, history, audit }),
    scheduleRoutes({ fold, clock, allowSeconds, requests }),
    ledgerRoutes({ log, fold, clock, tzdataVersion, requests }),
    eventStreamRoutes({ log, fold, follower, history, clock, ids, logger, stopping }),
    runLists({ jobs, store }),
    runRoutes({ send, jobs, fold, requests, waits }),
    timeTravelRoutes({ send, past, answers, clock, ids, requests }),
    jobRoutes({ send, jobs, past, answers, fold, clock, ids, allowSeconds, requests }),
  ];
  const json = readJson();
  const takenUp = inTurn(clock);
  const startedFirst = whenStarted({ started, clock });
  // Before anything waits the body is read: a client may hang up meanwhile.
  for (const router of routes)
    guardRoutes(
      router,
      refused,
      refuseConditions,
      askForBody,
      requireJson,
      json,
      wholeBody,
      takenUp,
      startedFirst,
    );
  // The published paths repeat the prefix; gateways strip the first half. The longer first, or `api` would be an id.
  for (const path of [BASE_PATH + BASE_PATH, BASE_PATH]) all.use(path, routes);
  return {
    api: createApplication(all, {
      ids,
      logger,
      phase,
      hosts,
      corsOrigins,
      methods: METHODS,
      whatIsHere: `the API is at ${BASE_PATH}`,
    }),
    probes: createApplication(state, {
      ids,
      logger,
      phase,
      hosts,
      corsOrigins: [],
      methods: ['GET', 'HEAD'],
      whatIsHere: 'this port answers /livez, /readyz and /metrics',
    }),
  };
}
