const testTimeout = 30_000;

const project = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testTimeout,
};

export default {
  projects: [
    {
      ...project,
      displayName: 'embedded',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.server\\.test\\.ts$'],
    },
    {
      ...project,
      displayName: 'servers',
      testMatch: ['**/*.server.test.ts'],
      // Jest runs these only when a file of this project is to run.
      globalSetup: '<rootDir>/test/servers/global-setup.mjs',
      globalTeardown: '<rootDir>/test/servers/global-teardown.mjs',
    },
  ],
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.mjs'],
  testTimeout,
  // Node 20 frees little of what a test file has loaded as ES modules: an old worker spends its time on its memory.
  workerIdleMemoryLimit: '400MB',
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  // The default leaves one core idle, which on two cores is half of them.
  maxWorkers: '100%',
};
