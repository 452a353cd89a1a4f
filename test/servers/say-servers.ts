import { say } from './progress.js';
import { serverNames, serverPlans, type ServerName } from './server-plans.js';
import type { Servers } from './start-servers.js';

/** What is used, and what is missing and why. @param names those that were asked for */
export function sayServers(servers: Servers, names: readonly ServerName[] = serverNames): void {
  for (const name of names) {
    const server = servers[name];
    say(
      server.kind === 'ready'
        ? `${serverPlans[name].title} at ${withoutPassword(server.url)} (${server.via})`
        : `NO ${serverPlans[name].title}: ${server.reason}`,
    );
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//***@');
}
