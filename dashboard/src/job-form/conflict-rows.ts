import { settingDiffs, type FieldChange } from '../history/setting-diff.js';
import type { Settings } from './job-draft.js';

/** A setting that others have changed beneath a draft, in words. */
export interface ConflictRow {
  name: string;
  was: string;
  is: string;
  /** As the draft has it; undefined: the viewer has not touched it. */
  mine: string | undefined;
}

/** @param mine the settings that the viewer has changed. Pure. */
export function conflictRows(
  theirs: readonly FieldChange[],
  mine: Partial<Record<keyof Settings, unknown>>,
): ConflictRow[] {
  return theirs.flatMap(({ field, from, to }) => {
    const isMine = Object.hasOwn(mine, field);
    const entered = isMine ? settingDiffs({ field, from, to: mine[field as keyof Settings] }) : [];
    return settingDiffs({ field, from, to }).map(({ name, was, is }) => ({
      name,
      was,
      is,
      // A selection has two parts, and the viewer may have changed the other one.
      mine: entered.find((diff) => diff.name === name)?.is,
    }));
  });
}
