/**
 * Servers to work with: prints their addresses as environment variables, and ends them on Ctrl-C.
 * npm run servers -- mongodb eventstore
 * With --prepare it only fetches and builds what they need; without names also packages of Python and npm, for the tests.
 */
import { Argument, Command } from 'commander';
import { prepareServer } from './obtain-server.js';
import { say } from './progress.js';
import { obtainPython, ofFuzzer, sayPython } from './python-environment.js';
import { sayServers } from './say-servers.js';
import { serverNames, serverPlans, type ServerName } from './server-plans.js';
import { startServers } from './start-servers.js';
import { obtainTypeScriptPackages, sayTypeScriptPackages } from './typescript-packages.js';

/** Whoever only works with a server is served by a stand-in, too; the tests, which prove an adapter, are not. */
const OBTAINED = { orStandIn: true };

const command = new Command('servers')
  .addArgument(
    new Argument('[names...]', 'only these servers').choices(serverNames).default(serverNames, 'all'),
  )
  .option('--prepare', 'only fetches and builds what they need', false)
  .parse();
const [asked] = command.processedArgs as [readonly ServerName[]];
const names = serverNames.filter((name) => asked.includes(name));
const { prepare } = command.opts<{ prepare: boolean }>();

if (prepare) await prepareAll();
else await runUntilAsked();

async function prepareAll(): Promise<void> {
  const plans = names.map((name) => serverPlans[name]);
  const [had, hasPackages] = await Promise.all([
    Promise.all(plans.map((plan) => prepareServer(plan, OBTAINED))),
    names.length < serverNames.length || preparePackages(),
  ]);
  const lacks = plans.some(({ required }, index) => required && had[index] === false);
  process.exit(lacks || !hasPackages ? 1 : 0);
}

async function preparePackages(): Promise<boolean> {
  const [packages, ...pythons] = await Promise.all([
    obtainTypeScriptPackages(),
    obtainPython(),
    obtainPython(ofFuzzer),
  ]);
  for (const python of pythons) sayPython(python);
  sayTypeScriptPackages(packages);
  return packages.kind === 'ready' && pythons.every(({ kind }) => kind === 'ready');
}

async function runUntilAsked(): Promise<void> {
  const toldToEnd = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  const servers = await Promise.race([startServers(names, OBTAINED), toldToEnd]);
  // What is still starting ends with this process.
  if (servers === undefined) process.exit(130);
  sayServers(servers, names);
  const lines = names.flatMap((name) => {
    const server = servers[name];
    return server.kind === 'ready' ? [`${serverPlans[name].givenBy}=${server.url}\n`] : [];
  });
  if (lines.length === 0) process.exit(1);
  process.stdout.write(lines.join(''));
  say('Ctrl-C ends them');
  const awake = setInterval(() => undefined, 60_000);
  await toldToEnd;
  clearInterval(awake);
  await servers.stop();
  process.exit(0);
}
