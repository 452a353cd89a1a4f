import { BASE_PATH } from '../../src/http/api.js';
import { problemAnswer } from '../../src/answers/problem-answer.js';
import type { ProblemCode } from '../../src/http/problem-code.js';
import { operations, type PlacedOperation } from '../../src/documents/openapi/operations.js';
import { problems } from '../../src/documents/openapi/problems.js';

interface Answered {
  method: string;
  /** Without the query. */
  path: string;
  response: Pick<Response, 'status' | 'headers'>;
  /** Parsed. */
  body: unknown;
}

const places = operations.map((placed) => ({ placed, pattern: patternOf(placed.path) }));

/** Fails where an answer is not what the OpenAPI document says: its status, its type, each field, the code of a problem. */
export function assertDocumented({ method, path, response: { status, headers }, body }: Answered): void {
  const found = operationAt(method, path);
  const here = `${method} ${path} answered ${status}`;
  const type = headers.get('content-type')?.split(';')[0];
  if (found === undefined || method === 'HEAD') return;
  if (type === 'application/problem+json') {
    assertProblem(here, found, status, body);
    return;
  }
  const answer = found.operation.answers[status];
  if (answer === undefined) throw new Error(`${here}, which nobody describes`);
  if (type === 'application/json') {
    const parsed = answer.schema?.safeParse(body);
    if (parsed?.success !== true)
      throw new Error(
        `${here}, and not as it is described: ${String(parsed?.error)}\n${JSON.stringify(body)}`,
      );
  } else if (!answer.texts?.includes(String(type))) throw new Error(`${here} with the type ${String(type)}`);
}

function assertProblem(
  here: string,
  { problems: described }: PlacedOperation,
  status: number,
  body: unknown,
): void {
  const { code } = problemAnswer.parse(body);
  if (!described.includes(code as ProblemCode))
    throw new Error(`${here} with ${code}, which nobody describes`);
  if (!problems[code as ProblemCode].statuses.includes(status)) throw new Error(`${here} with ${code}`);
}

/** The operation of a request, if there is one. Fixed words before ids, as the router has them. */
export function operationAt(method: string, path: string): PlacedOperation | undefined {
  const short = path.replace(BASE_PATH + BASE_PATH, BASE_PATH).replace(/(.)\/$/, '$1');
  const here = places.filter(({ placed, pattern }) => placed.method === method && pattern.test(short));
  return here.sort((one, other) => wordsFirst(other) - wordsFirst(one))[0]?.placed;
}

function wordsFirst({ placed: { path } }: (typeof places)[number]): number {
  const first = path.indexOf('{');
  return first < 0 ? Infinity : first;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}
