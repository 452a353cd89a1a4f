import { expect, it } from '@jest/globals';
import type { Response } from 'express';
import type { HandledAndProjected } from '../../../src/commands/handle-commands.js';
import { ModelsBehindError } from '../../../src/history/models-behind-error.js';
import { createSend } from '../../../src/http/send-command.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { given } from '../../support/given.js';
import { sampleEvent } from '../../support/sample-events.js';

const job = given()
  .after('2026-03-26T10:00:00Z', {
    type: 'ScheduleCronJob',
    config: { name: 'nightly', cron_expression: '0 2 * * *' },
  })
  .job();
if (job === undefined) throw new Error('there is no job');
const known = job;
const rename: JobCommand = { type: 'UpdateCronJob', changes: { name: 'other' }, reason: null };
const execute: JobCommand = { type: 'TriggerRun', dry_run: false };
const started = { ...sampleEvent(), stream: 'cronJob-cron-001', version: 2 };

/** A job with a long stream, while the models are being made anew: what it was cannot be read. */
function send(command: JobCommand, repeats?: number) {
  const handled: HandledAndProjected = {
    job: known,
    version: 20_001,
    ...(repeats !== undefined && { repeats }),
    events: [started],
    appendedTogether: [started],
    projected: false,
  };
  const data = { cron_id: 'cron-001', accepted_at: '2026-03-26T10:00:00.000Z', events: 0 };
  const asked: string[] = [];
  const sending = createSend({
    commands: {
      handleAndProject: ({ key }) => {
        Object.assign(data, key);
        return Promise.resolve(handled);
      },
    },
    log: {
      readStream: () =>
        Promise.resolve([
          {
            ...started,
            type: 'RequestAccepted',
            data,
            metadata: { ...started.metadata, schema_version: 1 },
            position: '1',
            recorded_at: data.accepted_at,
          },
        ]),
    },
    history: {
      stateAt: (_, version) => {
        asked.push(`${version}`);
        return Promise.reject(new ModelsBehindError('cron-001', version));
      },
    },
  });
  const request = {
    method: 'PUT',
    path: '/cron-001',
    query: {},
    body: {},
    headers: {},
    headersDistinct: { 'idempotency-key': ['one'] },
  };
  const response = { req: request, locals: {}, set: () => response } as unknown as Response;
  return { sent: sending('cron-001', command, response), asked };
}

it('what was done under a key is never answered with an error, also where what it has led to cannot be read', async () => {
  const { sent } = send(rename);
  expect(await sent).toMatchObject({ job, events: [started], projected: false });
  expect((await sent).document).toBeUndefined();
});

it('a repeat that has to show what cannot be read asks to come back', async () => {
  await expect(send(rename, 20_001).sent).rejects.toThrow(ModelsBehindError);
});

it.each([undefined, 20_001])(
  'a run under a key does not ask what its job was, repeated or not',
  async (repeats) => {
    const { sent, asked } = send(execute, repeats);
    expect((await sent).job).toEqual(job);
    expect(asked).toEqual([]);
  },
);
