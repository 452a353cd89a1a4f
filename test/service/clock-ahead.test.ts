import { afterEach, describe, expect, it } from '@jest/globals';
import { verifyLog } from '../../src/ledger/verify-log.js';
import { slotVersionsWith } from '../../src/schedule/slot-versions.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const DAY = 86_400_000;
const MINUTELY = { name: 'minutely', cron_expression: '* * * * *', concurrency_policy: 'allow' };

interface Machine extends RunningApp {
  /** Wall clock minus true time, milliseconds. */
  clockOff: (ms: number) => void;
  leads: () => Promise<boolean>;
}

const running: RunningApp[] = [];
afterEach(async () => {
  for (const { app } of running.splice(0)) await app.stop();
});

async function start(time: VirtualClock, folder: string, offset = 0): Promise<Machine> {
  const machine = { offset };
  const clock = { ...time, now: () => time.now() + machine.offset };
  const service = await startApp({ DATA_DIR: folder }, { clock });
  running.push(service);
  return {
    ...service,
    clockOff: (ms) => (machine.offset = ms),
    leads: async () => (await service.call('GET', '/leader')).body.leading as boolean,
  };
}

async function fleet(time: VirtualClock, folder: string): Promise<[Machine, Machine, Machine]> {
  const machines: [Machine, Machine, Machine] = [
    await start(time, folder),
    await start(time, folder),
    await start(time, folder),
  ];
  await time.advance(61_000);
  return machines;
}

async function startedSlots(service: RunningApp, id: string): Promise<string[]> {
  const { body } = await service.call('GET', `/${id}/runs?limit=100`);
  const runs = body.data as { slot: string | null; trigger: string }[];
  return runs
    .filter(({ trigger }) => trigger === 'schedule')
    .map(({ slot }) => slot ?? '')
    .reverse();
}

/** The full minutes after `from`, up to `to`. */
function minutes(from: string, to: number): string[] {
  const found: string[] = [];
  for (let at = Math.floor(Date.parse(from) / 60_000 + 1) * 60_000; at <= to; at += 60_000)
    found.push(new Date(at).toISOString().replace('.000Z', 'Z'));
  return found;
}

async function proved({ app }: RunningApp, now: number) {
  const { log, tzdataVersion } = app.adapters;
  const findings: string[] = [];
  const today = slotVersionsWith(tzdataVersion);
  const onFinding = ({ text }: { text: string }): void => void findings.push(text);
  const { slots_waiting, watermark_resets } = await verifyLog(log, {
    today,
    now,
    onFinding,
    onProgress: () => undefined,
  });
  expect(findings).toEqual([]);
  return { slots_waiting, watermark_resets };
}

describe('a fleet of three with one clock a day ahead, that is put right', () => {
  it.each(['leader', 'follower'])('as %s: each slot is started once and in its minute', async (role) => {
    const time = createVirtualClock('2026-03-26T10:00:05.000Z');
    const machines = await fleet(time, temporaryFolder());
    const leading = await Promise.all(machines.map(({ leads }) => leads()));
    const wrong = machines[role === 'leader' ? leading.indexOf(true) : leading.indexOf(false)];
    if (wrong === undefined) throw new Error(`no ${role}`);
    const right = machines.find((machine) => machine !== wrong) ?? wrong;
    const [steady, changed, toggled] = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => (await right.call('POST', '', { ...MINUTELY, name })).body),
    );
    const created = steady?.created_at as string;
    await time.advance(61_000);

    wrong.clockOff(DAY);
    await time.advance(65_000);
    await wrong.call('PUT', `/${changed?.id}`, { cron_expression: '*/2 * * * *' });
    await wrong.call('PUT', `/${toggled?.id}`, { enabled: false });
    await wrong.call('PUT', `/${toggled?.id}`, { enabled: true });
    const { body: late } = await wrong.call('POST', '', { ...MINUTELY, name: 'late' });
    const { body: manual } = await wrong.call('POST', `/${steady?.id}/execute`);
    expect(Date.parse(manual.triggered_at as string)).toBeLessThan(time.now() + 1_000);
    await time.advance(65_000);
    wrong.clockOff(0);
    await time.advance(180_000);

    const all = minutes(created, time.now());
    expect(await startedSlots(right, steady?.id as string)).toEqual(all);
    expect(await startedSlots(right, toggled?.id as string)).toEqual(all);
    expect(await startedSlots(right, late.id as string)).toEqual(
      minutes(late.created_at as string, time.now()),
    );
    expect((await startedSlots(right, changed?.id as string)).slice(2)).toEqual(
      all.slice(2).filter((minute) => Number(minute.slice(14, 16)) % 2 === 0),
    );
    expect(await proved(right, time.now())).toEqual({ slots_waiting: 0, watermark_resets: 0 });
    const errors = wrong.logged.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(errors).toEqual(['wall clock left the agreed time: going on without it; check the time source']);
  });

  it('is put into the fleet with the wrong clock, leads it, and starts nothing before its time', async () => {
    const time = createVirtualClock('2026-03-26T10:00:05.000Z');
    const folder = temporaryFolder();
    const first = await start(time, folder);
    const { body: job } = await first.call('POST', '', MINUTELY);
    await time.advance(61_000);
    const starting = start(time, folder, DAY);
    await time.advance(1_000);
    const wrong = await starting;
    await first.app.stop();
    running.splice(running.indexOf(first), 1);
    await time.advance(120_000);
    expect(await wrong.leads()).toBe(true);
    wrong.clockOff(0);
    await time.advance(120_000);
    const slots = await startedSlots(wrong, job.id as string);
    expect(slots).toEqual(minutes(job.created_at as string, time.now()));
  });
});

describe('a job whose slots a lone clock has settled before their time', () => {
  it('shows it, is counted, and is reset by a command that the log proves', async () => {
    const time = createVirtualClock('2026-03-26T10:00:05.000Z');
    const folder = temporaryFolder();
    const before = await start(time, folder);
    const { body: job } = await before.call('POST', '', { ...MINUTELY, catchup_policy: 'latest' });
    await before.app.stop();
    running.length = 0;
    // Started with a wrong clock, and nobody to contradict.
    const ahead = await start(time, folder, DAY);
    await time.advance(65_000);
    await ahead.app.stop();
    running.length = 0;

    const service = await start(time, folder);
    await time.advance(65_000);
    const { body: silent } = await service.call('GET', `/${job.id}`);
    expect(silent).toMatchObject({ status: 'active', settled_ahead_until: '2026-03-27T10:01:00Z' });
    const metrics = async (): Promise<string> => (await fetch(`${service.address}/metrics`)).text();
    expect(await metrics()).toContain('certification_cron_jobs_settled_ahead 1\n');
    expect(service.logged.filter(({ message }) => message.startsWith('jobs are silent'))).toMatchObject([
      { level: 'warn', fields: { jobs: 1, cron_ids: [job.id] } },
    ]);

    const reason = 'the clock of the machine was a day ahead';
    const { status } = await service.call('POST', `/${job.id}/reset-watermark`, { reason });
    expect(status).toBe(200);
    const { status: again, body: refused } = await service.call('POST', `/${job.id}/reset-watermark`);
    expect([again, refused.code]).toEqual([409, 'not_settled_ahead']);
    const reset = time.now();
    await time.advance(120_000);
    const slots = await startedSlots(service, job.id as string);
    expect(slots.slice(-2)).toEqual(minutes(new Date(reset).toISOString(), time.now()));
    expect(await metrics()).toContain('certification_cron_jobs_settled_ahead 0\n');
    expect((await service.call('GET', `/${job.id}`)).body.settled_ahead_until).toBeNull();
    expect(await proved(service, time.now())).toMatchObject({ watermark_resets: 1 });
    const { body: ledger } = await service.call(
      'GET',
      `/${job.id}/slots?from=2026-03-26T10:00:00Z&to=2026-03-26T10:10:00Z`,
    );
    const outcomes = (ledger.data as { slot: string; outcome: string }[]).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['skipped', 'started', 'upcoming']));
  });
});
