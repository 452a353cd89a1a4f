import type { components } from '../api/openapi.js';
import { duration } from '../show/show-duration.js';
import { fieldName } from '../show/field-names.js';

export type FieldChange = Pick<components['schemas']['FieldChange'], 'from' | 'to'> & { field: string };

/** What a setting was and is, in words. */
export interface SettingDiff {
  name: string;
  was: string;
  is: string;
  /** Of lists: what has gone and what has come. Undefined where one of the two was no list. */
  items: { removed: readonly string[]; added: readonly string[] } | undefined;
}

/** A change as a person reads it; a selection has one for its types and one for its labels. Pure. */
export function settingDiffs({ field, from, to }: FieldChange): SettingDiff[] {
  if (field !== 'select') return [diffOf(field, fieldName(field), from, to)];
  return (['types', 'labels'] as const)
    .map((part) => diffOf('select', fieldName(`select_${part}`), partOf(from, part), partOf(to, part)))
    .filter(({ was, is }) => was !== is);
}

function diffOf(field: string, name: string, from: unknown, to: unknown): SettingDiff {
  const items = Array.isArray(from) && Array.isArray(to) ? itemsOf(from, to) : undefined;
  return { name, was: settingWords(field, from), is: settingWords(field, to), items };
}

function itemsOf(from: readonly unknown[], to: readonly unknown[]): SettingDiff['items'] {
  const [before, after] = [from.map(String), to.map(String)];
  return {
    removed: before.filter((item) => !after.includes(item)),
    added: after.filter((item) => !before.includes(item)),
  };
}

/** A selection that is null, or has no such list, asks nothing. */
function partOf(select: unknown, part: 'types' | 'labels'): unknown {
  return typeof select === 'object' && select !== null
    ? ((select as Record<string, unknown>)[part] ?? null)
    : null;
}

/** What a setting without a value means. */
const WITHOUT: Readonly<Record<string, string>> = {
  description: 'none',
  reminder_thresholds: 'the default of the service',
  select: 'all',
  max_reminders: 'the default of the service',
};

function settingWords(field: string, value: unknown): string {
  if (value === null || value === undefined) return WITHOUT[field] ?? 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  if (field === 'max_reminders' && value === 0) return 'no limit';
  if (typeof value === 'number')
    return field.endsWith('_seconds') && value > 0 ? secondsWords(value) : String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** In the two largest units; exactly where those leave something out. */
function secondsWords(seconds: number): string {
  const words = duration(seconds * 1_000);
  return words === `${seconds} s` ? words : `${words} (${seconds} s)`;
}
