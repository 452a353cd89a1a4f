export type Obtained = Ready | Missing;

export interface Ready {
  kind: 'ready';
  url: string;
  /** 'given', or what runs and where: 'docker: mongo:8', 'local: Apache Kafka 4.1.1'. */
  via: string;
  proxied?: ProxiedListener;
}

export interface Missing {
  kind: 'missing';
  /** Why each way to it failed. */
  reason: string;
}

/** A listener of Kafka that tells its clients the address of a proxy, which a test opens when it wants to. */
export interface ProxiedListener {
  /** The port on 127.0.0.1 that is kept free for the proxy. */
  proxyPort: number;
  targetHost: string;
  targetPort: number;
}
