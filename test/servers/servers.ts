import { serverNames, sayServers } from './say-servers.js';
import { prepareServer } from './obtain-server.js';
import { say } from './progress.js';
import { serverPlans } from './server-plans.js';
import { startServers } from './start-servers.js';

// Servers to work with: prints their addresses as environment variables, and stops them on Ctrl-C.
// With --prepare: only fetches and builds what they need.
if (process.argv.includes('--prepare')) await prepare();
else await run();

async function prepare(): Promise<void> {
  const plans = serverNames.map((name) => serverPlans[name]);
  const had = await Promise.all(plans.map(prepareServer));
  process.exit(plans.some(({ required }, index) => required && had[index] === false) ? 1 : 0);
}

async function run(): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  const servers = await Promise.race([startServers(), asked]);
  // What is still starting ends with this process.
  if (servers === undefined) process.exit(130);
  for (const name of serverNames) {
    const server = servers[name];
    if (server.kind === 'ready') process.stdout.write(`${serverPlans[name].givenBy}=${server.url}\n`);
  }
  sayServers(servers);
  say('Ctrl-C ends them');
  const awake = setInterval(() => undefined, 60_000);
  await asked;
  clearInterval(awake);
  await servers.stop();
  process.exit(0);
}
