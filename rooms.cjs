/**
 * Who may import whom: the rooms of `src/`, from those that know nothing to those that know most. Each may import itself,
 * the rooms that it names, and what it names of npm's packages and Node's modules; nothing else. `npm run lint` holds it,
 * docs/architecture.md says what is in each room.
 */
module.exports = {
  events: { rooms: [], packages: ['zod'] },
  schedule: { rooms: [], packages: ['cron-parser', 'cronstrue'] },
  ports: { rooms: ['events'] },
  waiting: { rooms: ['ports'], modules: ['events'] },
  following: { rooms: ['ports', 'waiting'] },
  fleet: { rooms: ['events', 'ports', 'waiting', 'following'] },
  config: { rooms: [], packages: ['zod'], modules: ['net'] },
  job: { rooms: ['events', 'schedule'] },
  ledger: { rooms: ['events', 'schedule', 'ports', 'waiting'], modules: ['crypto'] },
  leadership: { rooms: ['events', 'ports', 'waiting', 'following'] },
  metrics: { rooms: ['events', 'ports', 'waiting', 'leadership'], packages: ['prom-client'] },
  projections: { rooms: ['events', 'schedule', 'ports', 'waiting', 'following', 'job'] },
  fold: { rooms: ['events', 'ports', 'waiting', 'following', 'job', 'projections'] },
  commands: { rooms: ['events', 'schedule', 'ports', 'waiting', 'job', 'fold'] },
  scheduler: {
    rooms: ['events', 'ports', 'waiting', 'job', 'leadership', 'fold', 'commands'],
    packages: ['flatqueue'],
  },
  runs: { rooms: ['events', 'ports', 'waiting', 'job', 'fold', 'commands'] },
  'expiry-check': {
    rooms: ['events', 'schedule', 'ports', 'waiting', 'job', 'commands', 'runs'],
    packages: ['zod'],
    modules: ['crypto'],
  },
  messaging: {
    rooms: ['events', 'ports', 'waiting', 'following', 'job', 'commands', 'runs', 'expiry-check'],
    packages: ['zod'],
  },
  import: {
    rooms: ['schedule', 'ports', 'expiry-check'],
    modules: ['fs', 'path'],
  },
  core: {
    rooms: [
      ...[
        'events',
        'ports',
        'waiting',
        'fleet',
        'leadership',
        'projections',
        'fold',
        'commands',
        'scheduler',
      ],
      ...['runs', 'expiry-check', 'messaging', 'job'],
    ],
  },
  http: {
    rooms: [
      ...['events', 'schedule', 'ports', 'waiting', 'job', 'ledger', 'leadership', 'fold', 'commands'],
      'expiry-check',
    ],
    packages: ['express', 'zod'],
    modules: ['buffer', 'http', 'net'],
  },
  adapters: {
    rooms: ['events', 'ports', 'waiting'],
    packages: [
      ...[
        '@eventstore/db-client',
        'better-sqlite3',
        'better-sqlite3-node20',
        'fzstd',
        'kafkajs',
        'mongodb',
        'pino',
      ],
      'zod',
    ],
    modules: ['crypto', 'fs', 'net', 'os', 'path', 'stream', 'tls', 'zlib'],
  },
  service: {
    rooms: [
      ...[
        'events',
        'schedule',
        'ports',
        'waiting',
        'config',
        'metrics',
        'messaging',
        'job',
        'fold',
        'commands',
        'expiry-check',
        'core',
        'http',
        'adapters',
      ],
    ],
    modules: ['fs', 'path'],
  },
  demo: { rooms: ['ports', 'job', 'import', 'http', 'service'], modules: ['url'] },
  cli: {
    rooms: [
      ...[
        'events',
        'schedule',
        'ports',
        'fleet',
        'config',
        'ledger',
        'expiry-check',
        'import',
        'core',
        'http',
      ],
      ...['service', 'demo'],
    ],
    packages: ['commander', 'zod'],
  },
};
