import type { Clock } from '../../../src/ports/clock.js';
import type { Consumption, IncomingMessage } from '../../../src/ports/message-bus.js';
import { createGate } from '../../support/eventually.js';

/** A consumer group of one topic: its members and committed offsets. */
export interface MemoryGroup {
  /** Offset of the next message, of each partition. */
  committed: Map<number, number>;
  members: Set<MemoryMember>;
  /** Partitions of which some member has messages in hand, even one that no longer owns them. */
  busy: Set<number>;
}

export interface MemoryMember {
  wake(): void;
  /** The group was rebalanced: messages in hand are to be abandoned. */
  regroup(): void;
}

export interface MemoryConsumer {
  consumption: Consumption;
  group: MemoryGroup;
  ending: AbortSignal;
  /** None while the brokers are down. */
  logs: () => readonly (readonly IncomingMessage[])[];
  redeliverMs: number;
  clock: Clock;
}

/** One member of a group, until `ending` aborts and what it has in hand has ended. */
export async function consumeInMemory(consumer: MemoryConsumer): Promise<void> {
  const { consumption, group, ending, logs, clock } = consumer;
  const inHand = new Map<number, Promise<void>>();
  const pauses = new Map<number, number>();
  let lost = new AbortController();
  let waiting = createGate();
  const member: MemoryMember = {
    wake() {
      waiting.open();
    },
    regroup() {
      lost.abort(new Error('the group has other members now'));
      lost = new AbortController();
      member.wake();
    },
  };
  const regroup = (): void => group.members.forEach((one) => one.regroup());
  const wakeAll = (): void => group.members.forEach((one) => one.wake());

  function isMine(partition: number): boolean {
    const members = [...group.members];
    return members[partition % members.length] === member;
  }

  async function handle(partition: number, messages: readonly IncomingMessage[]): Promise<void> {
    const signal = AbortSignal.any([lost.signal, ending]);
    try {
      await consumption.handle(messages, signal);
      group.committed.set(partition, Number(messages.at(-1)?.offset) + 1);
      pauses.delete(partition);
      free(partition);
    } catch {
      const pause = signal.aborted ? 0 : (pauses.get(partition) ?? consumer.redeliverMs);
      if (pause > 0) pauses.set(partition, 2 * pause);
      // Other partitions go on meanwhile.
      void clock.sleep(pause, ending).then(() => free(partition));
    } finally {
      inHand.delete(partition);
      wakeAll();
    }
  }

  function free(partition: number): void {
    group.busy.delete(partition);
    wakeAll();
  }

  group.members.add(member);
  regroup();
  ending.addEventListener('abort', () => member.wake(), { once: true });
  while (!ending.aborted) {
    waiting = createGate();
    for (const [partition, log] of logs().entries()) {
      const from = group.committed.get(partition) ?? 0;
      const isFree = !group.busy.has(partition) && inHand.size < consumption.partitionsAtOnce;
      if (!isFree || !isMine(partition) || from >= log.length) continue;
      group.busy.add(partition);
      inHand.set(partition, handle(partition, log.slice(from, from + consumption.atMost)));
    }
    await waiting.passed;
  }
  await Promise.all(inHand.values());
  group.members.delete(member);
  regroup();
}
