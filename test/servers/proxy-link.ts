import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * pass: as if it were not there. refuse: connections are reset, present and new ones. hang: they stay open, but
 * nothing comes through, as behind a firewall that drops packets. slowMs: each chunk arrives that much later.
 */
export type ProxyMode = 'pass' | 'refuse' | 'hang' | { slowMs: number };

/** One connection through the proxy. */
export interface Link {
  reset(): void;
  /** Whether something was swallowed, so that what would follow makes no sense. */
  hasHole(): boolean;
}

export interface LinkOwner {
  mode(): ProxyMode;
  swallow(bytes: number): void;
  closed(): void;
}

/** A socket that is shutting down cannot be reset: libuv refuses, and its handle would keep the process alive. */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Copies both ways, by the mode at the time a chunk arrives. */
export function openLink(client: Socket, server: Socket, owner: LinkOwner): Link {
  let hole = false;

  function reset(): void {
    resetSocket(client);
    resetSocket(server);
    owner.closed();
  }

  function copy(from: Socket, to: Socket): void {
    // One after the other, so that a chunk which came in a faster mode does not overtake a slow one.
    let arrived = Promise.resolve();
    const pass = (bytes: number, deliver: () => void) => {
      const mode = owner.mode();
      if (mode === 'hang') {
        hole = true;
        owner.swallow(bytes);
        return;
      }
      const dueAt = performance.now() + (typeof mode === 'object' ? mode.slowMs : 0);
      arrived = arrived.then(async () => {
        const early = dueAt - performance.now();
        if (early > 0) await sleep(early);
        if (!to.destroyed) deliver();
      });
    };
    from.on('data', (chunk: Buffer) => pass(chunk.length, () => to.write(chunk)));
    from.on('end', () => pass(0, () => to.end()));
    // Nobody learns through a hanging proxy that the other side is gone.
    from.on('error', () => (owner.mode() === 'hang' ? (hole = true) : reset()));
    from.on('close', () => {
      if (client.destroyed && server.destroyed) owner.closed();
    });
  }

  copy(client, server);
  copy(server, client);
  return { reset, hasHole: () => hole };
}
