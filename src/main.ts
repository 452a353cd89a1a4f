import { refuseOldNode } from './cli/refuse-old-node.js';

refuseOldNode();
// Not by a static import, which would be loaded before the check.
const { serve } = await import('./cli/serve.js');
/** What `npm start` runs: the service, without the command line in front of it. */
await serve({ demo: process.argv.includes('--demo') });
