import { certificationSchema } from '../expiry-check/certification.js';
import type { Certification, CertificationRegistry } from '../ports/certification-registry.js';
import { civilDateOf, SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { ImportError } from './import-error.js';
import type { Outcome } from './outcome.js';
import { readRecords } from './read-records.js';

export interface ImportOptions {
  file: string;
  /** Remove what is not in the file; left undone when a line is bad, because its record would be lost. */
  replace: boolean;
  /** Names this import among the sources of the registry. */
  source: string;
  /** Epoch milliseconds, for `expires_in_days` and `renewable_in_days`. */
  now: number;
  onBadLine: (line: number, reason: string) => void;
  /** Called with the names of columns that are not read: a misspelt one would be missed by nobody. */
  onUnread?: (columns: string[]) => void;
  /** Called after each batch with the records taken so far. */
  onProgress: (imported: number) => void;
}

export interface Imported {
  imported: number;
  bad: number;
  /** undefined when nothing was to be removed, or bad lines forbade it. */
  removed: number | undefined;
}

/** Larger than it need be for memory: each transaction of the registry touches about as many pages as it has records. */
const BATCH = 5_000;

/**
 * Reads certifications from CSV (with a header) or JSON lines into the registry, as upserts, so that the same file may
 * be imported again. Streams: memory stays bounded. Bad lines do not affect good ones.
 */
export async function importCertifications(
  registry: CertificationRegistry,
  options: ImportOptions,
): Promise<Imported> {
  let batch: Certification[] = [];
  let imported = 0;
  let bad = 0;
  const flush = async (): Promise<void> => {
    await registry.upsert(batch, options.source);
    imported += batch.length;
    batch = [];
    options.onProgress(imported);
  };
  const toRecord = (fields: unknown): Outcome<Certification> => toCertification(fields, options.now);
  for await (const line of readRecords(options.file, toRecord, options.onUnread)) {
    if ('fault' in line) {
      bad++;
      options.onBadLine(line.line, line.fault);
      continue;
    }
    batch.push(line.record);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  if (options.replace && imported + bad === 0) {
    throw new ImportError(
      `${options.file}: holds no certification, and replacing would remove all that are there`,
    );
  }
  const removed = options.replace && bad === 0 ? await registry.removeAllBut(options.source) : undefined;
  return { imported, bad, removed };
}

function toCertification(fields: unknown, now: number): Outcome<Certification> {
  const dated = withDates(fields, now);
  if ('fault' in dated) return dated;
  const parsed = certificationSchema.safeParse(dated.record);
  if (parsed.success) return { record: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')} ${message}`,
  );
  return { fault: faults.join('; ') };
}

const MOST_DAYS = 36_500;

/** For example data that is useful on any day: days after the import's day (UTC), in place of a date that is missing. */
const RELATIVE = [
  { days: 'expires_in_days', date: 'expires_at', optional: false },
  { days: 'renewable_in_days', date: 'renewable_from', optional: true },
] as const;

function withDates(fields: unknown, now: number): Outcome<unknown> {
  if (typeof fields !== 'object' || fields === null) return { record: fields };
  let record = fields as Record<string, unknown>;
  for (const { days, date, optional } of RELATIVE) {
    if (!(days in record) || record[date] !== undefined) continue;
    const given = record[days];
    if (optional && (given === undefined || given === null)) continue;
    const count = typeof given === 'string' && /^[+-]?\d{1,5}$/.test(given) ? Number(given) : given;
    if (typeof count !== 'number' || !Number.isInteger(count) || Math.abs(count) > MOST_DAYS)
      return { fault: `${days} must be a whole number from -${MOST_DAYS} to ${MOST_DAYS}` };
    record = { ...record, [date]: dateIn(count, now) };
  }
  return { record };
}

function dateIn(days: number, now: number): string {
  const { year, month, day } = civilDateOf(Math.floor(now / 1000 / SECONDS_PER_DAY) + days);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
