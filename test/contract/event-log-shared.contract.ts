import { expect, it } from '@jest/globals';
import { START } from '../../src/ports/event-log.js';
import { follow } from '../support/follow.js';
import { append, appended, expectLogOrder, sampleEvents, wholeStream } from '../support/sample-events.js';
import type { OpenedSharedLog } from './opened-log.js';

export function sharedLogContract(opened: () => OpenedSharedLog): void {
  it('has everything again when it is opened again', async () => {
    const written = await appended(opened().log, 'cronJob-a', 0, 3);
    await opened().log.setMaxCount('lease-a', 2);
    await appended(opened().log, 'lease-a', 0, 4);
    const head = await opened().log.head();
    const log = await opened().reopen();
    expect(await wholeStream(log, 'cronJob-a')).toEqual(written);
    expect((await log.head()) >= head).toBe(true);
    await appended(log, 'lease-a', 4, 1);
    expect((await wholeStream(log, 'lease-a')).map(({ version }) => version)).toEqual([4, 5]);
  });

  it('recognises a repeat of an attempt from before it was closed', async () => {
    const attempt = sampleEvents(2);
    const original = await append(opened().log, 'cronJob-a', 0, attempt);
    const log = await opened().reopen();
    expect(await append(log, 'cronJob-a', 0, attempt)).toEqual(original);
    expect(await wholeStream(log, 'cronJob-a')).toHaveLength(2);
  });

  it('shows what another client appends at once', async () => {
    const { log } = opened();
    const second = await opened().second();
    const written = await appended(second, 'cronJob-a', 0, 2);
    expect(await wholeStream(log, 'cronJob-a')).toEqual(written);
    const last = written[1]?.position ?? START;
    for (const each of [log, second]) expect((await each.head()) >= last).toBe(true);
    expect(await append(log, 'cronJob-a', 0, sampleEvents(1))).toEqual({ kind: 'conflict', version: 2 });
  });

  it('lets exactly one of many parallel appends of two clients win', async () => {
    const logs = [opened().log, await opened().second()];
    for (let version = 0; version < 20; version++) {
      const outcomes = await Promise.all(
        logs.flatMap((log) => sampleEvents(5).map((event) => append(log, 'cronJob-a', version, [event]))),
      );
      expect(outcomes.filter((outcome) => outcome?.kind === 'appended')).toHaveLength(1);
    }
    expect(await wholeStream(opened().log, 'cronJob-a')).toHaveLength(20);
  });

  it('tells a subscriber what another client appends', async () => {
    const second = await opened().second();
    const following = follow(opened().log, ['cronJob-']);
    await following.untilCaughtUp();
    for (let version = 0; version < 5; version++) {
      const next = following.untilEvents(version + 1);
      await appended(second, 'cronJob-a', version, 1);
      await next;
    }
    expect(following.events()).toEqual(await wholeStream(second, 'cronJob-a'));
  });

  it('misses nothing while two clients append at once', async () => {
    const clients = [opened().log, await opened().second()];
    const followings = clients.map((log) => follow(log, ['cronJob-']));
    const reading = followings.map((following) => following.untilEvents(300));
    await Promise.all(
      clients.map(async (log, client) => {
        for (let version = 0; version < 150; version++) await appended(log, `cronJob-${client}`, version, 1);
      }),
    );
    await Promise.all(reading);
    for (const following of followings) {
      expect(following.events()).toHaveLength(300);
      expectLogOrder(following.events());
    }
  });
}
