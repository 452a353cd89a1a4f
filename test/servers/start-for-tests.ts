import { say } from './progress.js';
import { obtainPython, sayPython } from './python-environment.js';
import { sayServers } from './say-servers.js';
import { serverNames, serverPlans } from './server-plans.js';
import { startServers, type Servers } from './start-servers.js';
import { pythonVariables, testVariables, typescriptVariables } from './test-variables.js';
import { obtainTypeScriptPackages, sayTypeScriptPackages } from './typescript-packages.js';

/**
 * Starts the servers and passes them to the test workers in the environment, and with them Python and
 * the packages of generated clients.
 * Rejects in continuous integration when a required one is unavailable.
 */
export async function startForTests(): Promise<Servers> {
  const [servers, python, packages] = await Promise.all([
    startServers(),
    obtainPython(),
    obtainTypeScriptPackages(),
  ]);
  sayServers(servers);
  sayPython(python);
  sayTypeScriptPackages(packages);
  if (python.kind === 'ready') process.env[pythonVariables.path] = python.url;
  else process.env[pythonVariables.missing] = python.reason;
  if (packages.kind === 'ready') process.env[typescriptVariables.path] = packages.url;
  else process.env[typescriptVariables.missing] = packages.reason;
  for (const name of serverNames) {
    const variables = testVariables[name];
    const server = servers[name];
    if (server.kind === 'missing') process.env[variables.missing] = server.reason;
    else {
      process.env[variables.url] = server.url;
      process.env[variables.via] = server.via;
      if (server.proxied !== undefined) process.env.TEST_KAFKA_PROXY = JSON.stringify(server.proxied);
    }
  }
  const lacking = serverNames
    .filter((name) => serverPlans[name].required && servers[name].kind === 'missing')
    .map((name): string => serverPlans[name].title);
  if (python.kind === 'missing') lacking.push('Python');
  if (packages.kind === 'missing') lacking.push('packages of npm');
  if (lacking.length > 0 && process.env.CI === 'true') {
    await servers.stop();
    throw new Error(`CI requires ${lacking.join(' and ')}; the reasons are above`);
  }
  if (lacking.length > 0) say('tests of the missing ones are SKIPPED');
  return servers;
}
