/* eslint-disable no-console -- a tool for a terminal */
import { readFileSync } from 'node:fs';
import { runCommand } from '../servers/run-command.js';
import { obtainTypeScriptPackages } from '../servers/typescript-packages.js';
import { DASHBOARD_TYPES, typesCommand } from './dashboard-types.js';

// The second half of `npm run schemas`. What makes the types needs another compiler than this repository, so its packages
// are those of the client in TypeScript, which npm gets once.

const packages = await obtainTypeScriptPackages();
if (packages.kind === 'ready') {
  const before = readFileSync(DASHBOARD_TYPES, 'utf8');
  await runCommand(typesCommand(packages.url, 'openapi.json', DASHBOARD_TYPES), { withinMs: 60_000 });
  if (readFileSync(DASHBOARD_TYPES, 'utf8') !== before) console.log(DASHBOARD_TYPES);
} else {
  console.error(
    `${DASHBOARD_TYPES} is as it was, since openapi-typescript cannot be had: ${packages.reason}`,
  );
}
