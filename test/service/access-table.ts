import { noCredentials } from '../../src/access/no-credentials.js';
import { ask, createAccessWorld, KEYS, sampleCredentials, type AccessWorld } from './access-world.js';

/** Who may do what, as the running API answers. */
export interface AccessTable {
  routes: Route[];
  rows: Row[];
}

export interface Route {
  /** Below the base path, but for those that are not. */
  path: string;
  /** Not below the base path: `/` is here the dashboard, and there the list of jobs. */
  isAtRoot: boolean;
  /** Those that it has handlers for, besides HEAD and those that refuse. */
  methods: string[];
  /** Where it is mounted: each of these and its path is a path of the API. */
  mounts: string[];
}

export interface Row {
  method: string;
  path: string;
  isAtRoot: boolean;
  body: Body | undefined;
  /** For each of `SENDERS`. */
  outcomes: Outcome[];
}

export type Outcome = 'yes' | '401' | '403' | '404' | '405';
/** What a PUT sends counts. */
export type Body = 'of operators' | 'of any field';

export const NOBODY = 'none';
export const HERE = 'anonymous, this machine';
export const ELSEWHERE = 'anonymous, elsewhere';
export const SENDERS: readonly string[] = [NOBODY, HERE, ELSEWHERE, ...KEYS];

export const BODIES: Record<Body, string> = {
  'of operators': '{"enabled":true,"reason":"because"}',
  'of any field': '{"name":"other","enabled":true}',
};
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];

export interface Senders {
  ask: (sender: string, asked: { method: string; path: string; body?: Body | undefined }) => Promise<Outcome>;
  worlds: { known: AccessWorld; anonymous: AccessWorld };
  close(): Promise<void>;
}

/** One API with credentials and one without, the latter reached from two places. */
export async function startSenders(): Promise<Senders> {
  const known = createAccessWorld(sampleCredentials);
  const anonymous = createAccessWorld(noCredentials);
  const [atKnown, here, elsewhere] = await Promise.all([
    known.listen('this machine'),
    anonymous.listen('this machine'),
    anonymous.listen('elsewhere'),
  ]);
  const addressFor = new Map([
    [HERE, here],
    [ELSEWHERE, elsewhere],
  ]);
  return {
    worlds: { known, anonymous },
    async ask(sender, { method, path, body }) {
      const key = KEYS.includes(sender) ? sender : undefined;
      const sent = body && BODIES[body];
      const { status, code } = await ask(addressFor.get(sender) ?? atKnown, {
        method,
        path,
        key,
        body: sent,
      });
      if (status === 404 && code !== 'path_not_found') return 'yes';
      if (status === 500) throw new Error(`${method} ${path} by ${sender} is a fault of the API`);
      return status === 401 || status === 403 || status === 404 || status === 405 ? `${status}` : 'yes';
    },
    async close() {
      await known.close();
      await anonymous.close();
    },
  };
}

/** Asks each route of the API, by each method and as each sender. */
export async function askEverything({ ask, worlds: { known } }: Senders): Promise<AccessTable> {
  const routes = routesOf(known.api);
  const rows: Row[] = [];
  for (const { path, isAtRoot, mounts } of routes)
    for (const method of METHODS)
      for (const body of method === 'PUT' ? (Object.keys(BODIES) as Body[]) : [undefined]) {
        const inAll = await Promise.all(
          mounts.map((mount) =>
            Promise.all(SENDERS.map((sender) => ask(sender, { method, path: mount + sampleOf(path), body }))),
          ),
        );
        for (const outcomes of inAll) rows.push({ method, path, isAtRoot, body, outcomes });
      }
  return { routes, rows };
}

/** A path of the pattern. */
export function sampleOf(path: string): string {
  return path.replace('/:id', '/cron-1').replace(':run_id', 'run-00000000001').replace(/:\w+/, 'x');
}

interface Listed {
  path: string;
  methods: string[] | undefined;
  router: Lists | undefined;
}

interface Lists {
  listRoutes(): Listed[];
}

/** The routes of Express, however deep they are mounted. */
export function routesOf({ router }: AccessWorld['api']): Route[] {
  const found = new Map<string, Route>();
  const walk = (within: Lists, mount: string): void => {
    for (const { path, methods, router: inner } of within.listRoutes()) {
      if (inner !== undefined) walk(inner, path === '/' ? mount : mount + path);
      if (methods === undefined) continue;
      const isAtRoot = mount === '';
      const key = `${isAtRoot} ${path}`;
      const route = found.get(key) ?? { path, isAtRoot, methods: methods.filter(isOfRoute), mounts: [] };
      route.mounts.push(mount);
      found.set(key, route);
    }
  };
  walk(router as unknown as Lists, '');
  return [...found.values()];
}

const isOfRoute = (method: string): boolean => method !== '*' && method !== 'HEAD';

const BEGIN = '<!-- The table below is written by `npx tsx test/service/write-access-table.ts`. -->';
const END = '<!-- The end of that table. -->';

/** What the documents say: one line for each method that a route has. */
export function tableText({ routes, rows }: AccessTable): string {
  const lines = routes.flatMap(({ path, isAtRoot, methods }) =>
    rows
      .filter((row) => row.path === path && row.isAtRoot === isAtRoot && methods.includes(row.method))
      .filter((row) => isFirst(rows, row))
      .map(({ method, body, outcomes }) => [
        `\`${method} ${path}\`${isAtRoot && path === '/' ? ' of the root' : ''}${body === undefined ? '' : bodyText[body]}`,
        ...outcomes,
      ]),
  );
  const header = [
    'request',
    ...SENDERS.map((sender) => (KEYS.includes(sender) ? scopesText(sender) : sender)),
  ];
  return aligned([header, ...lines]);
}

const bodyText: Record<Body, string> = {
  'of operators': ' of `enabled`, `reason`',
  'of any field': ' of any other field',
};

const scopesText = (key: string): string =>
  key
    .split('+')
    .map((scope) => `\`${scope}\``)
    .join(', ');

/** The same under the other base path, which a test compares. */
function isFirst(rows: readonly Row[], row: Row): boolean {
  return rows.find((other) => keyOf(other) === keyOf(row)) === row;
}

function keyOf({ method, path, isAtRoot, body }: Row): string {
  return `${method} ${path} ${isAtRoot} ${body}`;
}

/** As prettier writes it. */
function aligned(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [header = [], ...rest] = rows;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

/** @throws Error when the document has no place for the table */
export function withTable(document: string, table: string): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('there is no place for the table');
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
