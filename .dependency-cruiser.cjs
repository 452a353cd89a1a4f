/** Who may import whom. See docs/architecture.md. */
const rule = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    rule(
      'events-are-only-vocabulary',
      '^src/events/',
      ['^src/events/', 'node_modules/zod'],
      'events imports only zod',
    ),
    rule(
      'schedule-is-pure',
      '^src/schedule/',
      ['^src/schedule/', 'node_modules/(cron-parser|cronstrue)'],
      'pure, over cron-parser, and cronstrue for words',
    ),
    rule(
      'ports-are-contracts',
      '^src/ports/',
      ['^src/ports/', '^src/events/'],
      'ports import only types of events',
    ),
    rule(
      'decider-is-pure',
      '^src/commands/(cron-job|decide|draft|wake-at|domain-error)\\.ts$',
      ['^src/commands/(cron-job|decide|draft|wake-at|domain-error)\\.ts$', '^src/events/', '^src/schedule/'],
      'no I/O, no clock, no ids in a decision',
    ),
    rule(
      'commands-know-no-sdk',
      '^src/commands/',
      ['^src/(commands|events|schedule|ports)/'],
      'pure parts and ports',
    ),
    rule(
      'projections-know-no-sdk',
      '^src/projections/',
      ['^src/(projections|commands|events|schedule|ports)/'],
      'pure parts and ports',
    ),
    rule(
      'scheduler-acts-by-commands',
      '^src/scheduler/',
      ['^src/(scheduler|leadership|commands|events|schedule|ports)/', 'node_modules/flatqueue'],
      'changes state only through commands',
    ),
    rule(
      'expiry-check-knows-no-sdk',
      '^src/expiry-check/',
      [
        '^src/(expiry-check|commands|events|schedule|ports)/',
        'node_modules/zod',
        '^node:crypto$',
        '^crypto$',
      ],
      'pure parts and ports',
    ),
    rule(
      'messaging-knows-no-sdk',
      '^src/messaging/',
      ['^src/(messaging|expiry-check|commands|events|schedule|ports)/', 'node_modules/zod'],
      'pure parts and ports',
    ),
    rule(
      'leadership-stands-alone',
      '^src/leadership/',
      ['^src/(leadership|events|ports)/', 'node_modules/zod'],
      'a lease in a stream, whatever its holder does with it',
    ),
    rule(
      'metrics-only-look',
      '^src/metrics/',
      ['^src/(metrics|leadership|ports)/', 'node_modules/prom-client'],
      'they are told, or ask',
    ),
    rule(
      'ledger-judges-alone',
      '^src/ledger/',
      ['^src/(ledger|events|schedule|ports)/'],
      'it proves what commands have written, so it shares none of their code',
    ),
    rule(
      'http-knows-no-store',
      '^src/http/',
      [
        '^src/(http|commands|ledger|leadership|events|schedule|ports)/',
        'node_modules/(@types/)?(express|zod)',
        '^(node:)?(http|net)$',
      ],
      'commands, ledger and ports',
    ),
    rule(
      'adapters-serve-ports',
      '^src/adapters/',
      [
        '^src/(adapters|ports|events)/',
        'node_modules',
        '^node:',
        '^(fs|path|zlib|crypto|net|tls|stream|os)$',
      ],
      'an adapter knows its port and its SDK',
    ),
    {
      name: 'adapters-are-opened-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/open-adapters\\.ts$', '^src/adapters/'] },
      to: { path: '^src/adapters/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Two scripts of the tests run the built program, which need not be there yet.
    exclude: { path: '^(\\.\\./)*dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
