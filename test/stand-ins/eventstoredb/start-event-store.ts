import { randomUUID } from 'node:crypto';
import { type Faults, createFaults, noFaults } from './faults.js';
import { type Listening, listen } from './listen.js';
import { DEFAULT_LIVE_BUFFER } from './live-buffer.js';
import type { Method, Node, User } from './node.js';
import type { Certificate } from '../../support/self-signed-certificate.js';
import { type Storage, type StorageOptions, createStorage } from './storage.js';
import { jsonProposal } from './stored-event.js';
import { runSystemProjections } from './system-projections.js';

export interface EventStoreOptions extends StorageOptions {
  /** Of another stand-in, to form two nodes of a cluster. */
  storage?: Storage;
  /** Only with a certificate: the client sends no credentials without TLS. */
  user?: User;
  certificate?: Certificate;
  /** A live subscription that has more than this to send is ended. */
  liveBuffer?: number;
  /** Whether every event is followed by links to it. Default false. */
  systemProjections?: boolean;
  /** A fresh server is not empty: there are events of its users and statistics. Default true. */
  systemEvents?: boolean;
}

/**
 * A stand-in for EventStoreDB 23.10 to 24.10 in this process: the part of its gRPC protocol that a log needs, over
 * loopback, for the published client. Its answers follow the source of the server, faults included; where versions
 * differ it takes the one that asks more of the client. It refuses unknown requests with INVALID_ARGUMENT, and with
 * UNIMPLEMENTED those whose answer it would have to guess. `npm run compare-stand-in` compares it with a real server.
 */
export interface FakeEventStore {
  readonly connectionString: string;
  readonly discoveryString: string;
  readonly host: string;
  readonly port: number;
  readonly storage: Storage;
  readonly faults: Faults;
  openSubscriptions(): number;
  /** Calls of streams that have not ended: subscriptions, and what hangs. */
  openCalls(): number;
  callsOf(method: Method): number;
  /** Writes another program's events, bypassing the append rule, such as `$stats-...`. */
  appendForeign(stream: string, count: number, type?: string): void;
  /** Stops listening and cuts all connections; data and faults stay. */
  stop(): void;
  /** Listens again on the same port. */
  restart(): Promise<void>;
  close(): void;
}

const HOST = '127.0.0.1';

export async function startEventStore(options: EventStoreOptions = {}): Promise<FakeEventStore> {
  const storage = options.storage ?? createStorage(options);
  const node: Node = {
    storage,
    faults: noFaults(),
    subscriptions: new Set(),
    open: new Set(),
    calls: new Map(),
    liveBuffer: options.liveBuffer ?? DEFAULT_LIVE_BUFFER,
    user: options.user,
  };
  let listening: Listening | undefined = await listen(node, HOST, 0, options.certificate);
  const { port } = listening;
  if (options.storage === undefined && options.systemEvents !== false) seed(storage, port);
  if (options.systemProjections === true) runSystemProjections(storage);
  const query =
    options.certificate === undefined
      ? 'tls=false'
      : `tls=true&tlsCaFile=${encodeURIComponent(options.certificate.caFile)}`;

  function stop(): void {
    listening?.stop();
    listening = undefined;
    node.open.clear();
  }

  return {
    // Node 26 takes no IP address as the name that a certificate must have, and @grpc/grpc-js gives it one.
    connectionString: `esdb://${options.certificate === undefined ? HOST : 'localhost'}:${port}?${query}`,
    discoveryString: `esdb+discover://${HOST}:${port}?${query}`,
    host: HOST,
    port,
    storage,
    faults: createFaults(node.faults, storage, node.subscriptions),
    openSubscriptions: () => node.subscriptions.size,
    openCalls: () => node.open.size,
    callsOf: (method) => node.calls.get(method) ?? 0,
    appendForeign: (stream, count, type) => writeForeign(storage, stream, count, type),
    stop,
    async restart() {
      stop();
      listening = await listen(node, HOST, port, options.certificate);
    },
    close: stop,
  };
}

function writeForeign(storage: Storage, stream: string, count: number, type = '$statsCollected'): void {
  for (let nth = 0; nth < count; nth++) storage.write(stream, [jsonProposal(randomUUID(), type, { nth })]);
}

function seed(storage: Storage, port: number): void {
  writeForeign(storage, `$$$stats-${HOST}:${port}`, 1, '$metadata');
  writeForeign(storage, '$user-admin', 1, '$UserCreated');
  writeForeign(storage, '$users', 1, '$User');
}
