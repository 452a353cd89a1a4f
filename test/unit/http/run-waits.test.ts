import { expect, it } from '@jest/globals';
import type { Response } from 'express';
import { createRunWaits, type RunWaitsDependencies } from '../../../src/http/run-waits.js';
import type { RunDocument } from '../../../src/ports/read-models.js';
import { createGate } from '../../support/eventually.js';
import { runRow } from '../../support/sample-documents.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it('those whose time is over together cost the store what one does', async () => {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const running: RunDocument = { ...runRow('cron-a', 1).document, status: 'running' };
  const store = createGate();
  let reads = 0;
  const open = { version: 1, job: { open_runs: [{ run_id: running.run_id }] } };
  const fold = { get: () => open, onChange: () => undefined } as unknown as RunWaitsDependencies['fold'];
  const waits = createRunWaits({
    fold,
    jobs: {
      async findRun() {
        reads++;
        await store.passed;
        return running;
      },
    },
    bringUpRows: () => Promise.resolve(true),
    clock,
    stopping: new AbortController().signal,
  });
  const wait = () =>
    waits.untilEnded(
      { cronId: 'cron-a', runId: running.run_id },
      { seconds: 5, response: {} as unknown as Response, gone: new AbortController().signal },
    );
  const waiting = Promise.all(Array.from({ length: 250 }, wait));
  await clock.advance(5_000);
  expect(reads).toBe(1);
  store.open();
  expect(await waiting).toEqual(Array.from({ length: 250 }, () => running));
  const later = wait();
  await clock.advance(5_000);
  await later;
  expect(reads).toBe(2);
});
