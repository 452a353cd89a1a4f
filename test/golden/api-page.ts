import { problems, problemsOfWrites } from '../../src/documents/openapi/problems.js';
import { operations, type PlacedOperation } from '../../src/documents/openapi/operations.js';
import { BASE_PATH } from '../../src/http/api.js';
import type { ProblemCode } from '../../src/http/problem-code.js';
import { RETRY_AFTER_SECONDS } from '../../src/http/retry-after.js';

export const API_PAGE = 'docs/api.md';

/** States in the words of people: what each value means is nowhere in the code but in what leads to it. */
const STATES: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Of a job: `status`',
    [
      ['active', 'its slots are owed, and runs start'],
      ['disabled', 'nothing is owed; it may be executed by hand'],
      [
        'schedule_error',
        'no slot can be computed until its expression or zone is changed: `schedule_error` says why',
      ],
    ],
  ],
  [
    'Of a run: `status`',
    [
      ['running', 'it has started, and has not ended'],
      ['success', 'it has ended, and `result` has its counts'],
      [
        'failed',
        'it has ended, and `error` says why: `timed_out`, `cancelled`, `too_many_reminders`, `check_failed`, or a code of the executor',
      ],
    ],
  ],
  [
    'Of a slot: `outcome`',
    [
      ['started', 'a run stands for it'],
      ['skipped', '`reason` says why'],
      ['waiting', 'it has come, and is owed'],
      ['upcoming', 'it has not come yet'],
      ['missing', 'it was owed, and never decided: this must not happen'],
    ],
  ],
  [
    'Of a declaration: `declared`',
    [
      ['created', 'there was no job of this key'],
      ['restored', 'it was deleted, and is there again'],
      ['updated', 'it was another one'],
      ['unchanged', 'it was so already'],
    ],
  ],
  [
    'Of a job in a bulk request: `outcome`',
    [
      ['done', 'it was done'],
      ['would_do', 'a dry run would do it'],
      ['unchanged', 'it was so already'],
      ['refused', 'nothing was done, and `error` says why'],
      ['unknown', 'it was tried, and may be done or not'],
    ],
  ],
];

/** The page of the whole API, for people: made from what makes the OpenAPI document. */
export function apiPage(): string {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return [
    '# The API on one page',
    `Paths begin with \`${BASE_PATH}\`, but for those under Service. Each field is in [openapi.json](../openapi.json), which the service`,
    'answers at `/openapi.json` and shows at `/docs`. This page is written by `npm run schemas`.',
    '',
    '## Endpoints',
    '',
    'The scope is what a credential needs where [credentials](security.md) are configured. Codes that any endpoint may answer are',
    `[below](#errors); here are those of its own. A write of a job may also answer ${told(problemsOfWrites)}.`,
    ...groups.flatMap((group) => [
      '',
      `### ${group}`,
      '',
      ...endpointTable(operations.filter((one) => one.group === group)),
    ]),
    '',
    '## States',
    ...STATES.flatMap(([title, values]) => [
      '',
      `### ${title}`,
      '',
      ...table(
        ['value', 'means'],
        values.map(([value, means]) => [`\`${value}\``, means]),
      ),
    ]),
    '',
    '## Errors',
    '',
    'A problem has the media type `application/problem+json` (RFC 9457); its `code` is stable. `Retry-After` is in seconds; where there',
    'is none, waiting does not help. [More of errors](operations.md#errors-of-requests).',
    '',
    ...table(['status', 'code', 'Retry-After', 'what the client can do'], problemRows()),
    '',
  ].join('\n');
}

function endpointTable(some: readonly PlacedOperation[]): string[] {
  return table(
    ['endpoint', 'what it does', 'scope', 'answers', 'codes of its own'],
    some.map(({ method, path, operation, scopes }) => [
      `\`${method} ${shortPath(path)}\``,
      operation.summary,
      scopes?.map((scope) => `\`${scope}\``).join(' or ') ?? 'none',
      Object.keys(operation.answers).join(', '),
      told(operation.problems.filter((code) => !problemsOfWrites.includes(code))),
    ]),
  );
}

function told(codes: readonly ProblemCode[]): string {
  return codes.map((code) => `\`${code}\``).join(', ');
}

function shortPath(path: string): string {
  return path === BASE_PATH ? '/' : path.replace(BASE_PATH, '');
}

function problemRows(): string[][] {
  const rows = Object.entries(problems).map(([code, { statuses, advice }]) => {
    const seconds = RETRY_AFTER_SECONDS[code as ProblemCode];
    return [statuses.join(', '), `\`${code}\``, seconds === null ? '' : String(seconds), advice];
  });
  return rows.sort(([one = ''], [other = '']) => one.localeCompare(other));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
