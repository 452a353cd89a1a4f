import { describe, expect, it } from '@jest/globals';
import type { ReminderDocument } from '../../src/ports/read-models.js';
import type { ReadStore, ReminderPlace, Row } from '../../src/ports/read-store.js';
import { reminderRow } from '../support/sample-documents.js';

/** Two orders differ here: UTF-16 has the astral character before U+FF5E, UTF-8 after it. */
const IN_ORDER = ['', ' ', '"', '%', 'A', 'Z', 'a', 'a ', 'ab', 'b', 'ä', '証', '\uff5e', '\u{1F4C5}'];
/** What no version of today lets in, but logs of earlier ones may hold. */
const ODD = ['\ud83d', 'a\udcc5', 'a\u0000b', '\u0001'];

const place = ({ mentor_id, certification_id }: ReminderDocument): ReminderPlace => ({
  mentor_id,
  certification_id,
});

/** What a read store promises of reminders. */
export function remindersContract(store: () => ReadStore): void {
  const write = (rows: Row<ReminderDocument>[]) => store().write([{ model: 'reminders', rows }]);
  const empty = () =>
    store().claim({
      name: 'reminders',
      instead: undefined,
      emptied: ['reminders'],
      checkpoint: { position: '', event: null, projection_version: 1, projector: 'projector-1' },
    });

  describe('reminders of certifications', () => {
    const keysOf = async (ids: readonly string[]): Promise<string[]> =>
      (await store().remindersOf(ids)).map(({ key }) => key).sort();
    const ofCertification = (certification_id: string, ...keys: string[]) =>
      keys.map((key) => reminderRow(key, { certification_id }));

    it('are those of the ids that are named, from all streams of each, as they were written', async () => {
      const rows = [
        ...ofCertification('cert-a', 'old-1/1', 'old-1/2', 'old-2/1', 'new/1'),
        ...ofCertification('cert-b', 'other/1'),
        ...ofCertification('cert-c', 'third/1'),
      ];
      await write(rows);
      expect(await keysOf([])).toEqual([]);
      expect(await keysOf(['cert-none', ''])).toEqual([]);
      expect(await keysOf(['cert-a'])).toEqual(['new/1', 'old-1/1', 'old-1/2', 'old-2/1']);
      expect(await keysOf(['cert-c', 'cert-none', 'cert-b'])).toEqual(['other/1', 'third/1']);
      expect(await keysOf(['cert-b', 'cert-c', 'cert-b', 'cert-b'])).toEqual(['other/1', 'third/1']);
      expect(await store().remindersOf(['cert-b'])).toEqual([rows[4]]);
      await empty();
      expect(await keysOf(['cert-a', 'cert-b'])).toEqual([]);
    });

    it('are all of them, of many certifications and of one that has very many', async () => {
      const ids = Array.from({ length: 2_000 }, (_, index) => `cert-${index}`);
      const rows = ids.flatMap((id, index) => ofCertification(id, ...(index % 2 ? [] : [`${id}/1`])));
      const many = Array.from({ length: 1_201 }, (_, index) => `many/${index + 1}`);
      await write([...rows, ...ofCertification('cert-7', ...many)]);
      const expected = [...rows.map(({ key }) => key), ...many].sort();
      expect(await keysOf(ids)).toEqual(expected);
      expect(await keysOf(['cert-7'])).toEqual([...many].sort());
    });

    it('are found by every character of the id', async () => {
      await write(IN_ORDER.map((id) => reminderRow(`of ${id}`, { certification_id: id })));
      for (const id of IN_ORDER) expect(await keysOf([id])).toEqual([`of ${id}`]);
      expect(await keysOf(IN_ORDER)).toHaveLength(IN_ORDER.length);
    });
  });

  describe('reminders of a run', () => {
    const of = (run_id: string, mentor_id: string, certification_id: string) =>
      reminderRow(`${run_id} ${mentor_id} ${certification_id}/1`, { run_id, mentor_id, certification_id });

    /** The whole list, by pages. */
    async function walk(runId: string, limit: number): Promise<ReminderDocument[]> {
      const found: ReminderDocument[] = [];
      for (let after: ReminderPlace | undefined; ;) {
        const page = await store().listReminders(runId, { after, limit });
        expect(page.length).toBeLessThanOrEqual(limit);
        found.push(...page);
        const last = page.at(-1);
        if (last === undefined) return found;
        after = place(last);
      }
    }

    it('are in the order of mentor and certification, by bytes, whatever the size of a page', async () => {
      const pairs = IN_ORDER.flatMap((mentor, index) =>
        // Equal mentors are not always together in the order of writing.
        IN_ORDER.slice(0, 1 + (index % 3)).map((certification) => [mentor, certification] as const),
      );
      const rows = pairs.map(([mentor, certification]) => of('run-1', mentor, certification));
      const shuffled = rows
        .map((_, index) => rows[(index * 11) % rows.length])
        .filter((row) => row !== undefined);
      expect(new Set(shuffled).size).toBe(rows.length);
      await write([...shuffled, of('run-0', 'b', 'x'), of('run-2', 'b', 'x')]);
      const expected = rows.map(({ document }) => document);
      expect(await store().listReminders('run-1', { limit: 1_000 })).toEqual(expected);
      for (const limit of [1, 2, 5, pairs.length, pairs.length + 1])
        expect(await walk('run-1', limit)).toEqual(expected);
      expect(await store().listReminders('run-1', { limit: 0 })).toEqual([]);
      expect(await walk('run-2', 3)).toEqual([of('run-2', 'b', 'x').document]);
      expect(await walk('run-none', 3)).toEqual([]);
      await empty();
      expect(await walk('run-1', 3)).toEqual([]);
    });

    it('go on behind a place that has none', async () => {
      await write(['a', 'c', 'e'].map((mentor) => of('run-1', mentor, 'm')));
      const behind = async (mentor_id: string, certification_id: string) => {
        const after = { mentor_id, certification_id };
        return (await store().listReminders('run-1', { after, limit: 9 })).map((found) => found.mentor_id);
      };
      expect(await behind('', '')).toEqual(['a', 'c', 'e']);
      expect(await behind('a', 'l')).toEqual(['a', 'c', 'e']);
      expect(await behind('a', 'm')).toEqual(['c', 'e']);
      expect(await behind('b', '')).toEqual(['c', 'e']);
      expect(await behind('c', 'n')).toEqual(['e']);
      expect(await behind('\u{1F4C5}', '')).toEqual([]);
    });

    it('are all there in one long page, and when a mentor has very many', async () => {
      const rows = Array.from({ length: 1_203 }, (_, index) =>
        of('run-1', index < 400 ? `mentor-${index}` : 'mentor-x', `cert-${String(index).padStart(5, '0')}`),
      );
      await write(rows);
      const whole = await store().listReminders('run-1', { limit: 10_000 });
      expect(new Set(whole.map((found) => found.certification_id)).size).toBe(rows.length);
      expect(await walk('run-1', 401)).toEqual(whole);
    });
  });

  it('keeps reminders of ids that no version of today lets in, and loses no others beside them', async () => {
    const ids = [...ODD, 'cert-1'];
    await write(
      ids.map((id, index) =>
        reminderRow(`stream-${index}/1`, { certification_id: id, mentor_id: id, run_id: 'run-1' }),
      ),
    );
    const found = await store().remindersOf(ids);
    expect(found.map(({ key }) => key).sort()).toEqual(ids.map((_, index) => `stream-${index}/1`));
    for (const id of ids) expect(await store().remindersOf([id])).toHaveLength(1);
    const listed = await store().listReminders('run-1', { limit: 100 });
    expect(listed).toHaveLength(ids.length);
    expect(listed).toContainEqual(reminderRow('stream-4/1', { mentor_id: 'cert-1' }).document);
    let after: ReminderPlace | undefined;
    for (const { mentor_id } of listed) {
      const [next] = await store().listReminders('run-1', { after, limit: 1 });
      expect(next?.mentor_id).toBe(mentor_id);
      after = next && place(next);
    }
    expect((await store().read('reminders', ['stream-4/1'])).size).toBe(1);
  });
}
