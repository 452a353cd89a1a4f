import { say } from './progress.js';
import { sayServers } from './say-servers.js';
import { serverNames, serverPlans } from './server-plans.js';
import { startServers, type Servers } from './start-servers.js';
import { testVariables } from './test-variables.js';

/**
 * Starts the servers and passes them to the test workers in the environment. Rejects in continuous integration when a
 * required one is unavailable.
 */
export async function startForTests(): Promise<Servers> {
  const servers = await startServers();
  sayServers(servers);
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
  const lacking = serverNames.filter(
    (name) => serverPlans[name].required && servers[name].kind === 'missing',
  );
  if (lacking.length > 0 && process.env.CI === 'true') {
    await servers.stop();
    throw new Error(
      `CI requires ${lacking.map((name) => serverPlans[name].title).join(' and ')}; the reasons are above`,
    );
  }
  if (lacking.length > 0) say('tests of the missing ones are SKIPPED');
  return servers;
}
