import { setTimeout as pause } from 'node:timers/promises';
import type { Certification } from '../../../src/ports/certification-registry.js';
import type { Dice } from '../../simulation/dice.js';
import { expiringCertifications } from '../jobs.js';
import { openInsistentProducer } from './insistent-producer.js';

/** A record of the certifications topic; null removes it. */
export interface OwnedRecord {
  key: string;
  value: string | null;
}

export interface CertificationOwner {
  /** What the brokers have acknowledged, in order. */
  acknowledged: readonly OwnedRecord[];
  /** Sends what is under way to its end. */
  stop(): Promise<void>;
}

const EVERY_MS = 250;
const AT_ONCE = 5;
const NEW_MENTORS = 0.3;

/**
 * The service that owns the certifications: new ones, changes of those that are there, and removals, sent again until
 * they are acknowledged. Each state of a record has a label of its own, so none is like another.
 */
export async function startCertificationOwner(
  brokers: string,
  topic: string,
  dice: Dice,
): Promise<CertificationOwner> {
  const producer = await openInsistentProducer(brokers, topic);
  const acknowledged: OwnedRecord[] = [];
  const known: Certification[] = [];
  let [mentors, changes, stopped] = [0, 0, false];

  function nextRecords(): OwnedRecord[] {
    if (known.length === 0 || dice.chance(NEW_MENTORS)) known.push(...expiringCertifications(mentors++, 1));
    const changed = new Set(Array.from({ length: AT_ONCE }, () => dice.oneOf(known)));
    return [...changed, ...known.slice(-2)].map((certification) => ({
      key: certification.certification_id,
      value: dice.chance(0.1) ? null : JSON.stringify({ ...certification, labels: [`change-${++changes}`] }),
    }));
  }

  async function own(): Promise<void> {
    while (!stopped) {
      for (const record of nextRecords()) {
        await producer.send(record);
        acknowledged.push(record);
      }
      await pause(EVERY_MS);
    }
  }

  const owning = own();
  return {
    acknowledged,
    async stop() {
      stopped = true;
      await owning;
      await producer.close();
    },
  };
}
