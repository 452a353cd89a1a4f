export type Obtained = Ready | Missing;

export interface Ready {
  kind: 'ready';
  url: string;
  /** 'given', or what runs and where: 'docker: mongo:8', 'local: Apache Kafka 4.1.1'. */
  via: string;
  proxied?: readonly ProxiedListener[];
}

export interface Missing {
  kind: 'missing';
  /** Why each way to it failed. */
  reason: string;
}

/** Each of the test files that run concurrently has its own. */
export const PROXIED_LISTENERS = 3;

/** A Kafka listener that advertises the address of a proxy, which a test opens on demand. */
export interface ProxiedListener {
  /** The port on 127.0.0.1 that is kept free for the proxy. */
  proxyPort: number;
  targetHost: string;
  targetPort: number;
}

/** Two ports for each: one for its proxy, one for the listener itself. */
export function proxiedListeners(ports: readonly number[], targetHost: string): ProxiedListener[] {
  return Array.from({ length: PROXIED_LISTENERS }, (_, index) => {
    const [proxyPort = 0, targetPort = 0] = ports.slice(2 * index, 2 * index + 2);
    return { proxyPort, targetHost, targetPort };
  });
}
