import { say } from './progress.js';
import { serverPlans, type ServerName } from './server-plans.js';
import type { Servers } from './start-servers.js';

export const serverNames = Object.keys(serverPlans) as ServerName[];

/** What is used, and what is missing and why. */
export function sayServers(servers: Servers): void {
  for (const name of serverNames) {
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
