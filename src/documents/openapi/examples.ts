import type { JsonSchema } from '../json-schema.js';

/** A request, and what the service answers. */
export interface ApiExample {
  /** The id of the operation. */
  operation: string;
  name: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown };
  answer: { status: number; headers?: Record<string, string>; body: unknown };
}

export type NamedExamples = Record<string, JsonSchema>;

/** @returns the bodies of requests of an operation, for its `examples` */
export function requestExamples(examples: readonly ApiExample[], operation: string): NamedExamples {
  const ofOperation = examples.filter((one) => one.operation === operation && one.request.body !== undefined);
  return named(ofOperation.map(({ name, request }) => [name, request.body]));
}

/** @returns the bodies of answers of an operation with a status */
export function answerExamples(
  examples: readonly ApiExample[],
  operation: string,
  status: number,
): NamedExamples {
  const ofStatus = examples.filter((one) => one.operation === operation && one.answer.status === status);
  return named(ofStatus.map(({ name, answer }) => [name, answer.body]));
}

/** The keys of examples are words of a program, their summaries are for people. */
function named(examples: readonly (readonly [string, unknown])[]): NamedExamples {
  return Object.fromEntries(
    examples.map(([summary, value]) => [
      summary.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      { summary, value },
    ]),
  );
}

/** @returns the field `examples`, where there are any */
export function withExamples(examples: NamedExamples): { examples?: NamedExamples } {
  return Object.keys(examples).length === 0 ? {} : { examples };
}
