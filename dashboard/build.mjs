import { build, context } from 'esbuild';
import { utimes } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

// The page of the dashboard, its script and its style, as the service sends them: `npm run build`. With `--watch` they are
// made anew when a source changes. What has a type error is made, too: `npm run lint` finds those.

const here = fileURLToPath(new URL('.', import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: { dashboard: 'src/main.tsx', index: 'src/index.html' },
  outdir: '../dist/dashboard',
  bundle: true,
  minify: true,
  format: 'esm',
  // What browsers of the last two years can.
  target: ['chrome116', 'firefox124', 'safari17.4'],
  loader: { '.html': 'copy' },
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'eof',
  logLevel: 'warning',
};

/**
 * The service keeps what it has sent. `npm run dev` starts it anew when this file seems to have changed.
 * @type {import('esbuild').Plugin}
 */
const restart = {
  name: 'restart',
  setup(building) {
    let isFirst = true;
    building.onEnd(async () => {
      if (!isFirst) await utimes(new URL('../dist/main.js', import.meta.url), new Date(), new Date());
      isFirst = false;
    });
  },
};

if (process.argv.includes('--watch')) await (await context({ ...options, plugins: [restart] })).watch();
else await build(options);
