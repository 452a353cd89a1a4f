import type { DraftField, JobDraft } from './job-draft.js';

/** `reason` is a field of the form, and no setting of the job. */
export type FormField = DraftField | 'reason';

export interface PlacedProblems {
  at: ReadonlyMap<FormField, string>;
  /** What is wrong with no field of the form: it is told above them. */
  elsewhere: readonly string[];
}

/**
 * Puts what the service says is wrong at the fields of the form. It names an entry of a list by its place
 * (`select.types.0`), and the form has one field for the list.
 */
export function problemsAtFields(found: ReadonlyMap<string, string>, draft: JobDraft): PlacedProblems {
  const at = new Map<FormField, string>();
  const elsewhere: string[] = [];
  for (const [name, message] of found) {
    const { field, entry } = placeOf(name);
    if (!Object.hasOwn(draft, field) && field !== 'reason') elsewhere.push(`${name}: ${message}`);
    else {
      const told = entry === undefined ? message : `entry ${entry + 1} ${message}`;
      const before = at.get(field as FormField);
      at.set(field as FormField, before === undefined ? told : `${before}; ${told}`);
    }
  }
  return { at, elsewhere };
}

function placeOf(name: string): { field: string; entry: number | undefined } {
  const [, list = name, entry] = /^(.+)\.(\d+)$/.exec(name) ?? [];
  const field = list === 'select' ? 'select_types' : list.replace('.', '_');
  return { field, entry: entry === undefined ? undefined : Number(entry) };
}
