import { Metadata, type StatusObject, status } from '@grpc/grpc-js';

export interface Endpoint {
  host: string;
  port: number;
}

/** Codes, texts and trailers of RpcExceptions.cs, from which the client makes its errors. */
function rpcError(code: status, details: string, trailers: Record<string, string> = {}): StatusObject {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
}

export const notReady = (): StatusObject => rpcError(status.UNAVAILABLE, 'Server Is Not Ready');

export const timedOut = (): StatusObject =>
  rpcError(status.ABORTED, 'Operation timed out: Prepare phase timeout.');

export const notLeader = ({ host, port }: Endpoint): StatusObject =>
  rpcError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });

export const accessDenied = (): StatusObject =>
  rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** The web server answers wrong credentials with 401 before gRPC sees the call. */
export const unauthenticated = (): StatusObject =>
  rpcError(status.UNAUTHENTICATED, 'Bad gRPC response. HTTP status code: 401');

export const streamDeleted = (stream: string): StatusObject =>
  rpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const wrongExpectedVersion = (stream: string, expected: number, actual: number): StatusObject =>
  rpcError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );

export const maxAppendSizeExceeded = (bytes: number): StatusObject =>
  rpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(bytes),
  });

export const missingProperty = (property: string): StatusObject =>
  rpcError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** A read with a count does not know this result; a subscription does. */
export const unexpectedInvalidPosition = (): StatusObject =>
  rpcError(status.UNKNOWN, 'Unexpected ReadAllResult: InvalidPosition');

export const invalidPosition = (): StatusObject =>
  rpcError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.');

export const invalidArgument = (details: string): StatusObject => rpcError(status.INVALID_ARGUMENT, details);

/** The server ends a live subscription whose buffer is full. */
export const consumerTooSlow = (): StatusObject =>
  rpcError(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );

/** How each refusal to guess begins: it says nothing about the server. */
export const NOT_KNOWN = 'This stand-in does not know';

export const notKnown = (what: string): StatusObject =>
  rpcError(status.UNIMPLEMENTED, `${NOT_KNOWN} what the server answers to ${what}.`);

export const dropped = (code: status): StatusObject => rpcError(code, 'cut by the test');
