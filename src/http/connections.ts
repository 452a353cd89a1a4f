import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { createCuts } from './cuts.js';
import { EVENT_STREAM } from './event-frame.js';
import { wasHeld } from './held-answers.js';
import type { HttpLimits } from './http-limits.js';
import { createTurn } from './turn.js';

/** A request and the answer to it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

interface Connection {
  current: Exchange | undefined;
  /** Requests that came before the current one was answered, in their order. */
  waiting: Exchange[];
}

export interface Connections {
  opened: (socket: Socket) => void;
  asked: (exchange: Exchange) => void;
  /** Ends those on which nothing has ever come. */
  endUnasked: () => void;
  /** Takes in connections from now on without reading from them. */
  leaveUnread: () => Unread;
}

export interface Unread {
  /** How many there were so far. */
  count(): number;
  /** Reads from them, and from those that come. */
  read(): void;
}

/**
 * Keeps what connections take within the limits. A connection has one request answered at a time; while more of its
 * requests wait it is not read from, so it holds at most one answer that its client does not take. Where there are too
 * many connections or bytes, the connection that has waited longest for its client makes room: a client that neither
 * sends nor reads cannot keep others out.
 */
export function createConnections(
  answer: (exchange: Exchange) => void,
  limits: HttpLimits,
  { clock, logger }: { clock: Clock; logger: Logger },
): Connections {
  /** Those that have been heard of last are last. */
  const connections = new Map<Socket, Connection>();
  const cuts = createCuts({ clock, logger });
  const turn = createTurn(clock, limits, readOn);
  let waitingRequests = 0;
  /** Nothing is read until the next turn of the event loop. */
  let suspended = false;
  /** Those that are not read from yet, while there are such. */
  let unread: Set<Socket> | undefined;
  /** What has waited is begun one by one, each in a turn of its own. */
  let lane = Promise.resolve();

  function heardOf(socket: Socket, connection: Connection): void {
    connections.delete(socket);
    connections.set(socket, connection);
  }

  /** @returns undefined when the service has all of them at work */
  function longestWaiting(suits: (socket: Socket) => boolean): Socket | undefined {
    for (const [socket, connection] of connections)
      if (!socket.destroyed && waitsForClient(connection) && suits(socket)) return socket;
    return undefined;
  }

  function unsentBytes(): number {
    let bytes = 0;
    for (const socket of connections.keys()) bytes += socket.destroyed ? 0 : socket.writableLength;
    return bytes;
  }

  function makeRoomForBytes(): void {
    while (unsentBytes() > limits.unsentBytes) {
      const socket = longestWaiting(({ writableLength }) => writableLength > 0);
      if (socket === undefined) return;
      cuts.cut(socket, 'unsent');
    }
  }

  async function cutWhenNotTaken(socket: Socket, connection: Connection, ended: AbortSignal): Promise<void> {
    for (;;) {
      const [before, written, since] = [takenBytes(socket), socket.bytesWritten, clock.monotonic()];
      await clock.sleep(limits.answerMs, ended);
      if (ended.aborted) return;
      const { current } = connection;
      if (current !== undefined && wasHeld(current.response, since)) continue;
      const taken = takenBytes(socket);
      if (isEventStream(current)) {
        // What waits behind a stream would never be answered, and takes the place of others meanwhile.
        if (connection.waiting.length > 0) {
          cuts.cut(socket, 'waiting');
          return;
        }
        if (taken >= written) continue;
      }
      if (taken - before < limits.answerBytes) break;
    }
    cuts.cut(socket, 'not_taken');
  }

  function begin(socket: Socket, connection: Connection, exchange: Exchange): void {
    const { response } = exchange;
    connection.current = exchange;
    const ended = new AbortController();
    response.once('close', () => {
      ended.abort();
      connection.current = undefined;
      if (!connections.has(socket)) return;
      heardOf(socket, connection);
      if (connection.waiting.length > 0) lane = lane.then(() => beginNext(socket, connection));
    });
    void cutWhenNotTaken(socket, connection, ended.signal);
    makeRoomForBytes();
    if (socket.destroyed) return;
    answer(exchange);
  }

  /** A connection that is being closed answers no more, so what waits there must not happen either. */
  async function beginNext(socket: Socket, connection: Connection): Promise<void> {
    await clock.yield();
    const next = socket.writable ? connection.waiting.shift() : undefined;
    if (next === undefined) return;
    waitingRequests--;
    if (connection.waiting.length === 0) socket.resume();
    begin(socket, connection, next);
  }

  /** Stops reading in the middle of a turn: Node hands over whatever else has come, for all connections at once. */
  function suspend(): void {
    if (suspended) return;
    suspended = true;
    for (const socket of connections.keys()) socket.pause();
  }

  function hold(socket: Socket, { waiting }: Connection): void {
    if (suspended || waiting.length > 0 || unread?.has(socket) === true) socket.pause();
  }

  function readOn(): void {
    if (!suspended) return;
    suspended = false;
    for (const [socket, { waiting }] of connections) if (waiting.length === 0) socket.resume();
  }

  return {
    opened(socket) {
      const connection: Connection = { current: undefined, waiting: [] };
      connections.set(socket, connection);
      unread?.add(socket);
      socket.once('close', () => {
        waitingRequests -= connection.waiting.length;
        connection.waiting = [];
        connections.delete(socket);
      });
      // Node reads on after each request that it has understood, and begins so: a pause before that would be undone.
      socket.on('resume', () => hold(socket, connection));
      if (connections.size > limits.connections)
        cuts.cut(longestWaiting((other) => other !== socket) ?? socket, 'full');
    },
    asked(exchange) {
      const { socket } = exchange.request;
      const connection = connections.get(socket);
      // Node hands over all requests that it has read in one piece, also those after the end of the connection.
      if (connection === undefined || socket.destroyed) return;
      heardOf(socket, connection);
      if (turn.isOver()) suspend();
      if (connection.current === undefined && connection.waiting.length === 0) {
        begin(socket, connection, exchange);
        return;
      }
      if (waitingRequests >= limits.waitingRequests) {
        cuts.cut(socket, 'waiting');
        return;
      }
      waitingRequests++;
      connection.waiting.push(exchange);
      // After what Node does with the rest of the bytes: a pause in the middle of them would be undone in silence.
      queueMicrotask(() => {
        hold(socket, connection);
      });
    },
    endUnasked() {
      for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    leaveUnread() {
      const held = new Set<Socket>();
      unread = held;
      return {
        count: () => held.size,
        read() {
          unread = undefined;
          for (const socket of held) socket.resume();
        },
      };
    },
  };
}

/** By the kernel, which passes them on: what waits in the process is not. */
function takenBytes({ bytesWritten, writableLength }: Socket): number {
  return bytesWritten - writableLength;
}

/** Its answer has no end, and there may be nothing to take of it for long. */
function isEventStream(exchange: Exchange | undefined): boolean {
  return exchange?.response.getHeader('Content-Type') === EVENT_STREAM;
}

/** For a request, for the rest of one, or for the answer to be taken. */
function waitsForClient({ current }: Connection): boolean {
  return current === undefined || !current.request.complete || current.response.writableEnded;
}
