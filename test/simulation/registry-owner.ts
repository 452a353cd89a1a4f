import type { Certification } from '../../src/ports/certification-registry.js';
import { someCertification } from './some-certification.js';
import type { World } from './world.js';

const DAY = 86_400_000;
/** More would only make the worlds slower. */
const MOST_RECORDS = 12;

/** Whoever feeds the registry: renews, corrects, withdraws and suspends at random, until the world heals. */
export function startRegistryOwner(world: World): void {
  const { dice, time, scenario, history, registry, story } = world;
  let made = 0;

  async function write(
    what: string,
    changed: readonly Certification[],
    removed: readonly string[] = [],
  ): Promise<void> {
    const before = history.registry.at(-1);
    if (before === undefined) throw new Error('the registry has no first state');
    const gone = new Set([...removed, ...changed.map(({ certification_id }) => certification_id)]);
    const records = [
      ...before.records.filter(({ certification_id }) => !gone.has(certification_id)),
      ...changed,
    ];
    // While it is being written, a check may see the one or the other.
    const from = time.now();
    before.to = Infinity;
    history.registry.push({ from, to: Infinity, records });
    if (changed.length > 0) await registry.upsert(changed, 'simulation');
    if (removed.length > 0) await registry.remove(removed);
    before.to = time.now();
    world.meet(`registry: ${what}`);
    story.tell(from, 'registry', `${what}: ${JSON.stringify([...changed, ...removed])}`);
  }

  function dayIn(days: number): string {
    const date = new Date(time.now() + Math.round(days) * DAY).toISOString();
    return dice.chance(0.8) ? date.slice(0, 10) : date;
  }

  function renewed(old: Certification): Certification {
    return { ...own(old), expires_at: dayIn(dice.duration(10, 120)), status: 'active' };
  }

  function corrected(old: Certification): Certification {
    const days = dice.oneOf([-5, -2, -1, 1, 1, 3, 8]);
    const date = new Date(Date.parse(old.expires_at) + days * DAY).toISOString();
    return { ...own(old), expires_at: old.expires_at.length > 10 ? date : date.slice(0, 10) };
  }

  async function change(): Promise<void> {
    const records = history.registry.at(-1)?.records ?? [];
    const old = dice.oneOf(records);
    const roll = dice.random();
    if (records.length > MOST_RECORDS) return write('left', [], [old.certification_id]);
    if (roll < 0.2) return write('renewed under a new id', [{ ...renewed(old), certification_id: nextId() }]);
    if (roll < 0.35) return write('renewed', [renewed(old)]);
    if (roll < 0.55) return write('corrected', [corrected(old)]);
    if (roll < 0.65) return write('withdrawn', [{ ...own(old), status: 'withdrawn' }]);
    if (roll < 0.75) return write('suspended', [{ ...own(old), status: 'suspended' }]);
    if (roll < 0.9)
      return write(
        'active again',
        records.map((record) => ({ ...own(record), status: 'active' })),
      );
    if (roll < 0.95)
      return write('not renewable yet', [{ ...own(old), renewable_from: dayIn(5).slice(0, 10) }]);
    if (roll < 0.97) return wrongImport(records);
    return write('new', [someCertification(world.dice, nextId(), dayIn(dice.duration(1, 60)))]);
  }

  /** All expire on one day; the owner notices, soon or late. */
  async function wrongImport(records: readonly Certification[]): Promise<void> {
    const expires_at = dayIn(dice.duration(1, 40));
    await write(
      'all expire on one day',
      records.map((record) => ({ ...own(record), expires_at })),
    );
    await time.sleep(dice.waitingTime(scenario.between.changes));
    const now = new Set(history.registry.at(-1)?.records.map(({ certification_id }) => certification_id));
    const right = records.filter(({ certification_id }) => now.has(certification_id));
    if (world.faulty) await write('right again', right);
  }

  function nextId(): string {
    return `certification-new-${++made}`;
  }

  function keepChanging(): void {
    time
      .sleep(dice.waitingTime(scenario.between.changes))
      .then(async () => {
        if (!world.faulty) return;
        await change();
        keepChanging();
      })
      .catch(world.broken);
  }
  keepChanging();
}

function own(record: Certification): Certification {
  const { certification_id, mentor_id, expires_at, type, labels, status, renewable_from } = record;
  return { certification_id, mentor_id, expires_at, type, labels, status, renewable_from };
}
