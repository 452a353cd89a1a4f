const rooms = require('./rooms.cjs');

const anyOf = (names) => (names.length > 0 ? [`(${names.join('|')})`] : []);

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room}-imports-only-what-it-names`,
  comment: 'see the table in rooms.cjs',
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    pathNot: [
      ...anyOf([room, ...allowed.rooms].map((name) => `^src/${name}/`)),
      ...anyOf((allowed.packages ?? []).map((name) => `node_modules/(@types/)?${name}/`)),
      ...anyOf((allowed.modules ?? []).map((name) => `^(node:)?${name}$`)),
    ],
  },
}));

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
    {
      name: 'every-file-is-reached',
      comment: 'such as a routes file that nothing mounts',
      severity: 'error',
      from: { path: '^src/(main|cli/cli)\\.ts$' },
      to: { path: '^src/', pathNot: ['\\.d\\.ts$', '^src/(main|cli/cli)\\.ts$'], reachable: false },
    },
    {
      name: 'every-file-has-a-room',
      comment: 'src/ itself holds main.ts alone, and each folder is in the table of rooms.cjs',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: ['^src/main\\.ts$', ...anyOf(Object.keys(rooms).map((room) => `^src/${room}/`))],
      },
    },
    {
      name: 'the-dashboard-is-a-client',
      comment: 'it knows of the service what the document of the API says, and runs in browsers',
      severity: 'error',
      from: { path: '^dashboard/src/' },
      to: { path: '^(src|test|bench)/' },
    },
    {
      name: 'nobody-imports-the-dashboard',
      severity: 'error',
      from: { path: '^(src|bench)/' },
      to: { path: '^dashboard/' },
    },
    ...roomRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Two scripts of the tests run the built program, which need not be there yet; a client is generated for its test.
    exclude: { path: ['^(\\.\\./)*dist/', '^test/clients/typescript/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
