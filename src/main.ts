import { serve } from './cli/serve.js';

/** What `npm start` runs: the service, without the command line in front of it. */
await serve({ demo: process.argv.includes('--demo') });
