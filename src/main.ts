import { refuseOldNode } from './cli/refuse-old-node.js';

/** What `npm start` runs: the service, without the command line in front of it. */
refuseOldNode();
const unknown = process.argv.slice(2).find((argument) => argument !== '--demo');
if (unknown === undefined) {
  // Not by a static import, which would be loaded before the check.
  const { serve } = await import('./cli/serve.js');
  await serve({ demo: process.argv.includes('--demo') });
} else {
  process.stderr.write(
    `certification-cron: ${JSON.stringify(unknown)} is no argument; allowed: --demo. Settings are environment variables\n`,
  );
  process.exitCode = 2;
}
