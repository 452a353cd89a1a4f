import { afterEach, beforeEach, describe } from '@jest/globals';
import type { EventLog } from '../../src/ports/event-log.js';
import { abortAll } from '../support/follow.js';
import { appendContract } from './event-log-append.contract.js';
import { liveContract } from './event-log-live.contract.js';
import { repeatContract } from './event-log-repeat.contract.js';
import { sharedLogContract } from './event-log-shared.contract.js';
import { streamContract } from './event-log-stream.contract.js';
import { subscribeContract } from './event-log-subscribe.contract.js';
import type { OpenedLog, OpenedSharedLog } from './opened-log.js';

/** What every event log keeps to, whatever stores it. */
export function eventLogContract(name: string, open: () => Promise<OpenedLog>): void {
  describeOpened(`event log: ${name}`, open, (opened) => {
    const log = () => opened().log;
    describe('append', () => {
      appendContract(log);
    });
    describe('append again', () => {
      repeatContract(log);
    });
    describe('streams and positions', () => {
      streamContract(log);
    });
    subscriptionsContract(log);
  });
}

/** Only what subscriptions keep to: for a store that puts events of its own between ours. */
export function eventLogSubscriptionsContract(name: string, open: () => Promise<OpenedLog>): void {
  describeOpened(`subscriptions of an event log: ${name}`, open, (opened) => {
    subscriptionsContract(() => opened().log);
  });
}

/** What an event log keeps to besides when it outlives the process and others use it too. */
export function sharedEventLogContract(name: string, open: () => Promise<OpenedSharedLog>): void {
  describeOpened(`shared event log: ${name}`, open, sharedLogContract);
}

function subscriptionsContract(log: () => EventLog): void {
  describe('subscribe', () => {
    subscribeContract(log);
  });
  describe('subscribe while events are appended', () => {
    liveContract(log);
  });
}

function describeOpened<T extends OpenedLog>(
  title: string,
  open: () => Promise<T>,
  contract: (opened: () => T) => void,
): void {
  describe(title, () => {
    let opened: T;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      abortAll();
      await opened.close();
    });

    contract(() => opened);
  });
}
