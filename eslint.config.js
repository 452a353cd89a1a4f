import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Prettier writes such an object on one line. */
const noPacking = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'write the properties out',
};

const viaPorts = (name, port) => ({ name, message: `comes through ports/${port}.ts` });

/** Named, since a search for the one of each file takes half as long again. */
const PROJECTS = ['tsconfig.json', 'dashboard/tsconfig.json', 'examples/reminder-sender/tsconfig.json'];

export default defineConfig(
  // The calls of the client in TypeScript are checked against what is generated for them, by its own compiler.
  globalIgnores([
    'dist/',
    'coverage/',
    'node_modules/',
    'test/clients/typescript/',
    'dashboard/src/api/openapi.d.ts',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // Plain JavaScript with types in comments: it runs as it is wherever it is copied to.
    files: ['examples/**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: PROJECTS, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      // The compiler knows what is there, and sees the casts, which are comments.
      'no-undef': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        viaPorts('Date', 'clock'),
        viaPorts('performance', 'clock'),
        viaPorts('setTimeout', 'clock'),
        viaPorts('setInterval', 'clock'),
        viaPorts('setImmediate', 'clock'),
        viaPorts('crypto', 'ids'),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'comes through ports/ids.ts' },
        {
          object: 'process',
          property: 'env',
          message: 'is read in cli/, and understood in config/config.ts',
        },
        { object: 'process', property: 'exit', message: 'is called in cli/' },
        { object: 'process', property: 'hrtime', message: 'comes through ports/clock.ts' },
        { object: 'AbortSignal', property: 'any', message: 'leaks; see waiting/abort-with.ts' },
        { object: 'AbortSignal', property: 'timeout', message: 'comes through ports/clock.ts' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:timers', message: 'come through ports/clock.ts' },
            { name: 'node:timers/promises', message: 'come through ports/clock.ts' },
            {
              name: 'node:crypto',
              importNames: ['randomUUID', 'randomBytes', 'randomInt'],
              message: 'come through ports/ids.ts',
            },
          ],
        },
      ],
    },
  },
  {
    // A part gets each of its dependencies by name: on a spread the compiler checks no excess, and nobody finds who uses what.
    files: ['src/**/*.ts'],
    rules: {
      // What a closure uses stands above it: wiring is read from top to bottom.
      '@typescript-eslint/no-use-before-define': [
        'error',
        { functions: false, typedefs: false, classes: true },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'ObjectExpression > SpreadElement > Identifier[name=/^(adapters|options|dependencies|system|context|connection|sources|given)$/]',
          message: 'name each property: nobody could find who uses what',
        },
        noPacking,
      ],
    },
  },
  {
    files: ['src/adapters/system/**/*.ts'],
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
    },
  },
  {
    // Conversions between epoch milliseconds and RFC 3339; neither reads a clock.
    files: ['src/events/timestamp.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['src/cli/command-line.ts', 'src/cli/refuse-old-node.ts', 'src/cli/serve.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Answers of the service are read as what they are: parsed JSON.
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noPacking],
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        module: 'writable',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
