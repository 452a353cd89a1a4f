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

/** Files of tests that run at the same time have each their own. */
export const PROXIED_LISTENERS = 3;

/** A listener of Kafka that tells its clients the address of a proxy, which a test opens when it wants to. */
export interface ProxiedListener {
  /** The port on 127.0.0.1 that is kept free for the proxy. */
  proxyPort: number;
  targetHost: string;
  targetPort: number;
}

/** Of two ports for each: where its proxy listens, and where it is reached itself. */
export function proxiedListeners(ports: readonly number[], targetHost: string): ProxiedListener[] {
  return Array.from({ length: PROXIED_LISTENERS }, (_, index) => {
    const [proxyPort = 0, targetPort = 0] = ports.slice(2 * index, 2 * index + 2);
    return { proxyPort, targetHost, targetPort };
  });
}
