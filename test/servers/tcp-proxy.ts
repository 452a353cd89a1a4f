import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { openLink, resetSocket, type Link, type ProxyMode } from './proxy-link.js';

export type { ProxyMode } from './proxy-link.js';

export interface TcpProxy {
  /** On 127.0.0.1. */
  port: number;
  /** On leaving `hang`, connections that missed something are reset: their stream has a hole. */
  mode(mode: ProxyMode): void;
  /** Resets all present connections; new ones pass. */
  cut(): void;
  /** How many bytes were sent to a hanging proxy, by both sides. */
  swallowedBytes(): number;
  close(): Promise<void>;
}

/** A TCP proxy for tests of outages. @param port where it listens; by default the system chooses */
export async function openTcpProxy(targetHost: string, targetPort: number, port = 0): Promise<TcpProxy> {
  let current: ProxyMode = 'pass';
  let swallowed = 0;
  const links = new Set<Link>();

  function accept(client: Socket): void {
    if (current === 'refuse') {
      client.on('error', () => undefined);
      resetSocket(client);
      return;
    }
    const server = connect({ host: targetHost, port: targetPort, allowHalfOpen: true, noDelay: true });
    const link = openLink(client, server, {
      mode: () => current,
      swallow: (bytes) => (swallowed += bytes),
      closed: () => links.delete(link),
    });
    links.add(link);
  }

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });

  const resetWhere = (which: (link: Link) => boolean) => {
    for (const link of [...links]) if (which(link)) link.reset();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    mode(mode) {
      if (current === 'hang' && mode !== 'hang') resetWhere((link) => link.hasHole());
      current = mode;
      if (mode === 'refuse') resetWhere(() => true);
    },
    cut() {
      resetWhere(() => true);
    },
    swallowedBytes: () => swallowed,
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      resetWhere(() => true);
      await closed;
    },
  };
}
