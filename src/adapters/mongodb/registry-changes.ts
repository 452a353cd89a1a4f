import type { Timestamp } from '../../events/timestamp.js';
import { toTimestamp } from '../../events/timestamp.js';
import type { Clock } from '../../ports/clock.js';
import { isDuplicateKey } from './mongo-error.js';
import type { Mongo } from './open-mongo.js';

/** Notes when the registry was last written, in a document of its own. */
export interface RegistryChanges {
  /** Before a write: notes a registry that an earlier version has filled, so that its removal is known later. */
  begin(): Promise<void>;
  /** After a write. @param isFilled whether it left a record; otherwise it counts only where there ever was one */
  note(isFilled: boolean): Promise<void>;
  /** @returns null for a registry that never had a record */
  last(): Promise<Timestamp | null>;
}

interface State {
  _id: string;
  last_changed_at: Timestamp;
}

const COLLECTION = 'registry_state';
const _id = 'certifications';

export function createRegistryChanges(run: Mongo['run'], records: string, clock: Clock): RegistryChanges {
  /** There is a document of the state from now on. */
  let isKnown = false;

  async function note(isFilled: boolean): Promise<void> {
    const last_changed_at = toTimestamp(clock.now());
    await run(async (database) => {
      const states = database.collection<State>(COLLECTION);
      const { matchedCount } = await states.updateOne({ _id }, { $set: { last_changed_at } });
      if (matchedCount > 0 || !isFilled) return;
      try {
        await states.insertOne({ _id, last_changed_at });
      } catch (error) {
        // Another process has noted its change at the same moment.
        if (!isDuplicateKey(error)) throw error;
      }
    });
  }

  async function read(): Promise<Timestamp | null> {
    const state = await run((database) => database.collection<State>(COLLECTION).findOne({ _id }));
    return state?.last_changed_at ?? null;
  }

  async function begin(): Promise<void> {
    if (isKnown) return;
    if ((await read()) === null) {
      const found = await run((database) =>
        database.collection(records).findOne({}, { projection: { _id: 1 }, enableUtf8Validation: false }),
      );
      if (found === null) return;
      await note(true);
    }
    isKnown = true;
  }

  return {
    begin,
    note,
    async last() {
      await begin();
      return read();
    },
  };
}
