import type * as z from 'zod';
import { RETRY_AFTER_SECONDS } from '../../http/retry-after.js';
import type { ProblemCode } from '../../http/problem-code.js';
import { problemAnswer } from '../../answers/problem-answer.js';
import { answerExamples, withExamples, type ApiExample, type NamedExamples } from './examples.js';
import type { Answer, AnswerHeader, Operation } from './operation.js';
import { problems } from './problems.js';

/** @returns what refers to the schema among the components */
export type SchemaRef = (schema: z.ZodType) => object;

export interface DocumentParts {
  refOf: SchemaRef;
  examples: readonly ApiExample[];
}

const PROBLEM_TYPE = 'application/problem+json';

const HEADERS: Readonly<Record<AnswerHeader | 'Retry-After', object>> = {
  ETag: headerOf('Which configuration of the job it is, or which document: for If-Match and If-None-Match.'),
  Location: headerOf('Where what was made is.'),
  'Content-Location': headerOf('Where the job is by its id.'),
  'Content-Disposition': headerOf('The name of the file.'),
  'Reads-Lag': headerOf('`true`: the write is durable, but reads do not show it yet.'),
  'Retry-After': headerOf('Seconds after which asking again may help.'),
};

/** All answers of an operation: its own, and its problems by their status. */
export function responsesOf(
  { id, answers }: Operation,
  codes: readonly ProblemCode[],
  { refOf, examples }: DocumentParts,
): Record<string, object> {
  const own = Object.entries(answers).map(
    ([status, answer]) =>
      [status, answerOf(answer, refOf, answerExamples(examples, id, Number(status)))] as const,
  );
  return Object.fromEntries(
    [...problemsByStatus(codes, refOf, (status) => answerExamples(examples, id, status)), ...own].sort(
      ([one], [other]) => Number(one) - Number(other),
    ),
  );
}

function answerOf(
  { description, schema, texts = [], headers = [] }: Answer,
  refOf: SchemaRef,
  examples: NamedExamples,
): object {
  return {
    description,
    ...(headers.length > 0 && { headers: headersOf(headers) }),
    content: {
      ...(schema !== undefined && {
        'application/json': { schema: refOf(schema), ...withExamples(examples) },
      }),
      ...Object.fromEntries(texts.map((type) => [type, { schema: { type: 'string' } }])),
    },
  };
}

function problemsByStatus(
  codes: readonly ProblemCode[],
  refOf: SchemaRef,
  examplesOf: (status: number) => NamedExamples,
): [string, object][] {
  const byStatus = new Map<number, Set<ProblemCode>>();
  for (const code of codes)
    for (const status of problems[code].statuses)
      byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  return [...byStatus].map(([status, some]) => [
    String(status),
    problemOrRef([...some], refOf, examplesOf(status)),
  ]);
}

/** Problems that are alone with their status are the same everywhere. */
export function sharedResponses(refOf: SchemaRef): Record<string, object> {
  const codes = Object.keys(problems) as ProblemCode[];
  return Object.fromEntries(codes.map((code) => [code, problemsOf([code], refOf)]));
}

function problemOrRef(codes: readonly ProblemCode[], refOf: SchemaRef, examples: NamedExamples): object {
  const [only = ''] = codes;
  const isShared = codes.length === 1 && Object.keys(examples).length === 0;
  return isShared ? { $ref: `#/components/responses/${only}` } : problemsOf(codes, refOf, examples);
}

function problemsOf(codes: readonly ProblemCode[], refOf: SchemaRef, examples: NamedExamples = {}): object {
  const mayWait = codes.some((code) => RETRY_AFTER_SECONDS[code] !== null);
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].advice}`).join('\n\n'),
    ...(mayWait && { headers: headersOf(['Retry-After']) }),
    content: { [PROBLEM_TYPE]: { schema: refOf(problemAnswer), ...withExamples(examples) } },
  };
}

function headersOf(names: readonly (keyof typeof HEADERS)[]): object {
  return Object.fromEntries(names.map((name) => [name, HEADERS[name]]));
}

function headerOf(description: string): object {
  return { description, schema: { type: 'string' } };
}
