/** Node collects no more, and does not say so. */
export const MOST_HEADERS = 100;

/** What clients may take of the process, and for how long. Beyond it their connection is cut. */
export interface HttpLimits {
  /** Connections; for one more, the one that waits longest for its client is closed. */
  connections: number;
  /** Requests, of all connections, that have been read and wait for an earlier one of their connection. */
  waitingRequests: number;
  /** Requests that are taken in during one turn of the event loop; the others are read in the next one. */
  requestsATurn: number;
  /** How long requests are taken in during one turn of the event loop, milliseconds. */
  turnMs: number;
  /** Bytes of answers, of all connections, that clients have not taken. */
  unsentBytes: number;
  /** From the headers of a request until its answer has been taken, or `answerBytes` of it, and so on; milliseconds. */
  answerMs: number;
  /** A long answer goes on while so much of it is taken each time; a stream of events also while all of it is taken. */
  answerBytes: number;
  /** From the first byte of a request to the end of its headers, milliseconds; also for the first one to come. */
  headersMs: number;
  /** From the first byte of a request to its last, milliseconds. */
  requestMs: number;
  /** Between two requests of a connection, milliseconds. */
  idleMs: number;
  /** How often the three times above are looked at, milliseconds: so much longer they may last. */
  checkMs: number;
}

export const publicLimits: HttpLimits = {
  connections: 500,
  waitingRequests: 1_000,
  requestsATurn: 200,
  turnMs: 8,
  unsentBytes: 33_554_432,
  answerMs: 60_000,
  answerBytes: 262_144,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  checkMs: 1_000,
};

/** Probes come from few places, ask little, and are asked again. */
export const probeLimits: HttpLimits = {
  connections: 50,
  waitingRequests: 100,
  requestsATurn: 50,
  turnMs: 8,
  unsentBytes: 4_194_304,
  answerMs: 10_000,
  answerBytes: 262_144,
  headersMs: 5_000,
  requestMs: 5_000,
  idleMs: 60_000,
  checkMs: 1_000,
};
