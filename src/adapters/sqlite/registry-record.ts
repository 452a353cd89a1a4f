import type { StoredCertification } from '../../ports/certification-registry.js';

export const RECORD_COLUMNS =
  'mentor_id, certification_id, expires_at, type, labels, status, renewable_from' as const;

/** A row of RECORD_COLUMNS; its columns may hold anything. */
export type RecordRow = Required<StoredCertification>;

export function toRecord(row: RecordRow): StoredCertification {
  const { mentor_id, certification_id, expires_at, type, labels, status, renewable_from } = row;
  return {
    mentor_id,
    certification_id,
    expires_at,
    type,
    labels: labelsOf(labels),
    status,
    renewable_from,
  };
}

/** What is no list in JSON is handed through as it is stored. */
function labelsOf(stored: unknown): unknown {
  if (stored === '[]') return [];
  if (typeof stored !== 'string') return stored;
  try {
    const labels: unknown = JSON.parse(stored);
    return Array.isArray(labels) ? labels : stored;
  } catch {
    // Whoever reads the record reports it.
    return stored;
  }
}
