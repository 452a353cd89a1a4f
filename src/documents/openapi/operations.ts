import { BASE_PATH } from '../../http/api.js';
import type { ProblemCode } from '../../http/problem-code.js';
import { routeScopes, type AnyOf } from '../../http/route-scopes.js';
import { bulkOperations } from './bulk-operations.js';
import { eventOperations } from './event-operations.js';
import { jobOperations } from './job-operations.js';
import type { Method, Operation, Operations } from './operation.js';
import { peopleOperations } from './people-operations.js';
import { problemsOfAll, problemsOfApi, problemsOfGuarded } from './problems.js';
import { runOperations } from './run-operations.js';
import { scheduleOperations } from './schedule-operations.js';
import { accessOperations, leaderOperations, serviceOperations } from './service-operations.js';

/** An operation where it is. */
export interface PlacedOperation {
  /** As OpenAPI has it: `/api/v1/certification-cron/{id}`. */
  path: string;
  method: Method;
  group: string;
  operation: Operation;
  /** What its sender must hold: any one of these. Undefined: nothing, ever. */
  scopes: AnyOf | undefined;
  /** All that it may answer. */
  problems: readonly ProblemCode[];
}

const groups: readonly (readonly [string, Operations])[] = [
  ['Jobs', { ...jobOperations, ...bulkOperations }],
  ['Runs', runOperations],
  ['Slots', scheduleOperations],
  ['Events', eventOperations],
  ['Certifications and reminders', peopleOperations],
  ['Leader', leaderOperations],
  ['Access', accessOperations],
];

/** All that the service answers, in the order in which people are shown it. */
export const operations: readonly PlacedOperation[] = [
  ...groups.flatMap(([group, some]) => placed(group, some, BASE_PATH, problemsOfApi)),
  ...placed('Service', serviceOperations, '', []),
];

function placed(
  group: string,
  some: Operations,
  base: string,
  common: readonly ProblemCode[],
): PlacedOperation[] {
  return Object.entries(some).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const scopes = routeScopes[route]?.[method as Method];
      const guarded = scopes === undefined ? [] : problemsOfGuarded;
      return {
        path: pathOf(base, route),
        method: method as Method,
        group,
        operation,
        scopes,
        problems: [...new Set([...operation.problems, ...common, ...guarded, ...problemsOfAll])],
      };
    }),
  );
}

/** Express marks a parameter by a colon, OpenAPI by braces. */
function pathOf(base: string, route: string): string {
  if (route === '/') return base;
  return base + route.replace(/:(\w+)/g, '{$1}');
}
