import { say } from './progress.js';
import { obtainPython, sayPython } from './python-environment.js';
import { sayServers } from './say-servers.js';
import { serverNames, serverPlans } from './server-plans.js';
import { startServers, type Servers } from './start-servers.js';
import { pythonVariables, testVariables } from './test-variables.js';

/**
 * Starts the servers and passes them to the test workers in the environment, and with them Python for the examples.
 * Rejects in continuous integration when a required one is unavailable.
 */
export async function startForTests(): Promise<Servers> {
  const [servers, python] = await Promise.all([startServers(), obtainPython()]);
  sayServers(servers);
  sayPython(python);
  if (python.kind === 'ready') process.env[pythonVariables.path] = python.url;
  else process.env[pythonVariables.missing] = python.reason;
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
  if (lacking.length > 0 && process.env.CI === 'true') {
    await servers.stop();
    throw new Error(`CI requires ${lacking.join(' and ')}; the reasons are above`);
  }
  if (lacking.length > 0) say('tests of the missing ones are SKIPPED');
  return servers;
}
