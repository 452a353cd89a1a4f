import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Breakable } from './faults.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** The call of a subscription, which a test can break and the client can leave. */
export interface SubscriptionCall extends Breakable {
  isOpen(): boolean;
  /** Resolves when sent; false when the call is over. While frozen it waits. */
  send(response: streams.ReadResp): Promise<boolean>;
  goLive(): void;
  onOver(listener: () => void): void;
}

export function subscriptionCall(call: ReadCall): SubscriptionCall {
  const over = new AbortController();
  let live = false;
  let frozen: { thawed: Promise<void>; thaw: () => void } | undefined;

  function finish(act: () => void): void {
    if (over.signal.aborted) return;
    act();
    over.abort();
    frozen?.thaw();
  }
  call.on('cancelled', () => finish(() => undefined));
  call.on('close', () => finish(() => undefined));

  return {
    goLive: () => (live = true),
    isLive: () => live,
    isOpen: () => !over.signal.aborted,
    async send(response) {
      await frozen?.thawed;
      if (over.signal.aborted) return false;
      if (!call.write(response)) await once(call, 'drain', { signal: over.signal }).catch(() => undefined);
      return !over.signal.aborted;
    },
    fail: (error) => finish(() => call.emit('error', error)),
    end: () => finish(() => call.end()),
    freeze() {
      if (frozen !== undefined) return;
      let thaw = (): void => undefined;
      const thawed = new Promise<void>((resolve) => (thaw = resolve));
      frozen = { thawed, thaw };
    },
    thaw() {
      frozen?.thaw();
      frozen = undefined;
    },
    onOver: (listener) => over.signal.addEventListener('abort', listener, { once: true }),
  };
}
