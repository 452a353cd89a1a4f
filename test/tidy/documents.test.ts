import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { jobConfigSchema } from '../../src/events/job-config.js';
import { jobEvents } from '../../src/events/job-events.js';
import { reminderEvents } from '../../src/events/reminder-events.js';
import { loadConfig } from '../../src/config/config.js';
import { CERTIFICATIONS_TOPIC } from '../../src/messaging/topics.js';
import { modelNames } from '../../src/ports/read-models.js';
import { logTexts } from './log-texts.js';
import { filesUnder, foldersIn, literalsOfType, quoted, read, tableRows } from './source.js';

const operations = read('docs/operations.md');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...filesUnder('docs', '.md'),
  ...filesUnder('src', '.md'),
  // Not all below: whoever tries them has environments of Python there.
  ...foldersIn('examples').map((folder) => `examples/${folder}/README.md`),
];
const withoutBlocks = (markdown: string): string => markdown.replace(/^ *```[^]*?^ *```$/gm, '');

describe('links and paths', () => {
  it.each(documents)('lead somewhere: %s', (file) => {
    const text = withoutBlocks(read(file));
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target) && !leadsSomewhere(file, target));
    const paths = quoted(text).filter((path) => /^(src|test|docs|bench)\/[\w./-]+$/.test(path));
    const missing = paths.filter(
      (path) => !['', '.ts', '.test.ts', '.server.test.ts'].some((end) => existsSync(path + end)),
    );
    expect({ broken, missing }).toEqual({ broken: [], missing: [] });
  });

  it.each(documents)('has one title: %s', (file) => {
    expect(withoutBlocks(read(file)).match(/^# .+$/gm)).toHaveLength(1);
  });

  function leadsSomewhere(from: string, target: string): boolean {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? from : join(dirname(from), path);
    if (!existsSync(file)) return false;
    return anchor === undefined || anchorsOf(read(file)).includes(anchor);
  }

  /** As GitHub makes them of headings. */
  function anchorsOf(markdown: string): string[] {
    return [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }
});

describe('the decision records', () => {
  const records = filesUnder('docs/adr', '.md');

  it('are numbered without a gap, and listed with their titles in the first one', () => {
    expect(records.map((file) => Number(/(\d{4})-/.exec(file)?.[1]))).toEqual(
      records.map((_, index) => index + 1),
    );
    const listed = [...read(records[0] ?? '').matchAll(/^- \[(.+)\]\((.+)\)$/gm)].map(([, title, file]) => [
      title,
      file,
    ]);
    const there = records
      .slice(1)
      .map((file) => [/^# (.+)$/m.exec(read(file))?.[1], file.slice('docs/adr/'.length)]);
    expect(listed).toEqual(there);
  });

  it.each(records)('say why it is not otherwise: %s', (file) => {
    const sections = [...read(file).matchAll(/^## (.+)$/gm)].map(([, section]) => section);
    expect(sections.slice(0, 4)).toEqual(['Context', 'Options', 'Decision', 'Consequences']);
  });
});

describe('the codes of errors', () => {
  const adr = read('docs/adr/0007-errors-and-problems.md');
  const storeCodes = literalsOfType('src/ports/store-error.ts', 'StoreErrorCode');
  const codes = [
    ...literalsOfType('src/http/problem-code.ts', 'RequestProblemCode'),
    ...literalsOfType('src/access/credentials.ts', 'AccessErrorCode'),
    ...literalsOfType('src/schedule/schedule-error.ts', 'ScheduleErrorCode'),
    ...literalsOfType('src/job/domain-error.ts', 'DomainErrorCode'),
  ].sort();
  const quotedIn = (rows: string[][], column: number): string[] =>
    rows.flatMap((row) => quoted(row[column] ?? '')).sort();

  it('of stores are those of ADR 7 and of the operations', () => {
    expect(quotedIn(tableRows(operations, 'what to do'), 0)).toEqual(storeCodes.sort());
    expect(quotedIn(tableRows(adr, 'code of a store'), 0)).toEqual(storeCodes);
  });

  it('of requests are those of ADR 7 and of the operations', () => {
    expect(quotedIn(tableRows(operations, 'what the client can do'), 1)).toEqual(codes);
    const named = quotedIn(tableRows(adr, 'thrown'), 2).filter((code) => code !== 'Retry-After');
    expect(named).toEqual(codes);
  });

  it('are not counted in words, which nobody counts again', () => {
    expect(adr).not.toMatch(/\b(two|three|four|five|six|seven|eight|nine|ten) codes\b/);
  });
});

describe('the variables of the environment', () => {
  it('are those of the operations and of .env.example', () => {
    const asked = new Set<string>();
    loadConfig(new Proxy({}, { get: (_, name) => (asked.add(String(name)), undefined) }));
    const variables = [...asked].sort();
    expect(variables.length).toBeGreaterThan(15);
    const listed = tableRows(operations, 'variable').flatMap(([name = '']) => quoted(name));
    expect(listed.sort()).toEqual(variables);
    const examples = [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(examples.sort()).toEqual(variables);
  });
});

describe('the lines of the log', () => {
  it('are those of the operations', () => {
    const listed = [
      ...tableRows(operations, '`msg`').map((row) => row[1]),
      ...tableRows(operations, 'meanwhile').map((row) => row[0]),
    ];
    expect(listed.flatMap((cell) => quoted(cell ?? '')).sort()).toEqual([...logTexts()].sort());
  });
});

describe('the endpoints', () => {
  const routes = filesUnder('src/http', '.ts').flatMap((file) =>
    [...read(file).matchAll(/\.route\('([^']+)'\)[^]*?onlyMethods\(([^)]*)\)/g)].map(
      ([, path = '', methods = '']) => ({ path, methods: methods.replaceAll("'", '') }),
    ),
  );

  it('are those of the operations', () => {
    const listed = tableRows(operations, 'endpoint').flatMap(([paths = '', methods]) =>
      quoted(paths).map((path) => ({ path, methods })),
    );
    // Two have the path `/`: the dashboard, and the list of jobs below the base path.
    const inOrder = (all: typeof listed): string[] =>
      all.map(({ path, methods }) => `${path} ${methods}`).sort();
    expect(inOrder(listed)).toEqual(inOrder(routes));
  });

  it('are asked with random input', () => {
    const random = read('test/service/http-random-input.test.ts');
    const takeNothing = [
      '/livez',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/asyncapi.json',
      '/schemas',
      '/docs',
    ];
    const paths = routes.map(({ path }) => path).filter((path) => !takeNothing.includes(path));
    expect(paths.length).toBeGreaterThan(6);
    const asked = (path: string): string => path.replace('/:id', '}').replace(/:\w+/g, '${other}');
    const unasked = paths.filter((path) => !random.includes(asked(path)) && path !== '/');
    expect(unasked).toEqual([]);
  });
});

describe('what else is listed', () => {
  it('are the types of events, in the operations', () => {
    const types = Object.keys({ ...jobEvents, ...reminderEvents });
    const list = /The types are\s+([^;]+);/.exec(operations)?.[1] ?? '';
    expect(quoted(list).sort()).toEqual(types.sort());
  });

  it('are the fields of a job, in the scheduling', () => {
    const listed = tableRows(read('docs/scheduling.md'), 'field').flatMap(([field = '']) => quoted(field));
    expect(listed.sort()).toEqual(Object.keys(jobConfigSchema.shape).sort());
  });

  it('are the read models, in the architecture and the operations', () => {
    const list =
      /The read models are ([^,]+(?:, [^,]+)*?), JSON/.exec(read('docs/architecture.md'))?.[1] ?? '';
    expect(quoted(list).sort()).toEqual([...modelNames].sort());
    const collections = tableRows(operations, 'collection').filter(([, what = '']) =>
      what.startsWith('read model'),
    );
    expect(collections.flatMap(([name = '']) => quoted(name)).sort()).toEqual([...modelNames].sort());
  });

  it('are the metrics, in the operations', () => {
    const metrics = filesUnder('src/metrics', '.ts').flatMap((file) => [
      ...read(file).matchAll(/\$\{PREFIX\}(\w+)/g),
    ]);
    const listed = tableRows(operations, 'metric').flatMap(([name = '']) => quoted(name));
    expect(listed.sort()).toEqual(metrics.map(([, name = '']) => `certification_cron_${name}`).sort());
  });

  it('are the npm scripts, in CONTRIBUTING', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = tableRows(read('CONTRIBUTING.md'), 'command').flatMap(([command = '']) =>
      quoted(command),
    );
    const listed = commands.flatMap((command) => /^npm (?:run )?([\w:-]+)$/.exec(command)?.[1] ?? []);
    expect(listed.sort()).toEqual(
      Object.keys(scripts)
        .filter((name) => !name.startsWith('pre'))
        .sort(),
    );
  });

  it('is what feeds the registry, in the glossary', () => {
    const entry = /^\*\*Registry\*\*:[^]*?(?:\n\n|$(?![^]))/m.exec(read('docs/glossary.md'))?.[0];
    expect(entry).toContain('import');
    expect(entry).toContain(`\`${CERTIFICATIONS_TOPIC}\``);
  });
});
