import { afterEach, beforeEach, describe } from '@jest/globals';
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
  describe(`event log: ${name}`, () => {
    let opened: OpenedLog;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      abortAll();
      await opened.close();
    });

    describe('append', () => {
      appendContract(() => opened.log);
    });
    describe('append again', () => {
      repeatContract(() => opened.log);
    });
    describe('streams and positions', () => {
      streamContract(() => opened.log);
    });
    describe('subscribe', () => {
      subscribeContract(() => opened.log);
    });
    describe('subscribe while events are appended', () => {
      liveContract(() => opened.log);
    });
  });
}

/** What an event log keeps to besides when it outlives the process and others use it too. */
export function sharedEventLogContract(name: string, open: () => Promise<OpenedSharedLog>): void {
  describe(`shared event log: ${name}`, () => {
    let opened: OpenedSharedLog;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      abortAll();
      await opened.close();
    });

    sharedLogContract(() => opened);
  });
}
