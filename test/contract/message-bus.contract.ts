import { afterEach, beforeEach, describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { MessageBus } from '../../src/ports/message-bus.js';
import type { BusWorld } from './bus-world.js';
import { consumeContract } from './message-bus-consume.contract.js';
import { groupContract } from './message-bus-group.contract.js';
import { produceContract } from './message-bus-produce.contract.js';

export const PARTITIONS = 3;

/** What every message bus keeps to. */
export function messageBusContract(name: string, open: () => MessageBus): void {
  describe(`message bus: ${name}`, () => {
    let world: BusWorld;
    let opened: MessageBus[];
    const openBus = (): MessageBus => {
      const bus = open();
      opened.push(bus);
      return bus;
    };
    beforeEach(async () => {
      opened = [];
      world = { bus: openBus(), openBus, topic: `topic-${randomUUID()}`, group: `group-${randomUUID()}` };
      await world.bus.createTopics([{ name: world.topic, partitions: PARTITIONS, settings: {} }]);
    });
    afterEach(async () => {
      await Promise.all(opened.map((bus) => bus.close()));
    });
    produceContract(() => world);
    consumeContract(() => world);
    groupContract(() => world);
  });
}
