import type { Certification, StoredCertification } from '../../ports/certification-registry.js';
import { expiresDay } from '../../ports/expires-day.js';

/** As this version writes it. Other writers may put values of any type into these fields, and leave them out. */
export interface StoredRecord {
  _id: string;
  mentor_id: string;
  expires_at: string;
  type?: string | null;
  labels?: readonly string[];
  status?: string;
  renewable_from?: string | null;
  /** As in `CertificationPlace`; false: the record is in no list. Null or missing: another program wrote the record. */
  expires_day?: number | false | null;
  source: string;
}

/** The day under which a record is listed, or false: it is in no list, since its expiry or its id cannot be read. */
export function listedDay(id: unknown, expiresAt: unknown): number | false {
  return typeof id === 'string' ? (expiresDay(expiresAt) ?? false) : false;
}

/** What is read of a document. */
export const RECORD_FIELDS = {
  mentor_id: 1,
  expires_at: 1,
  type: 1,
  labels: 1,
  status: 1,
  renewable_from: 1,
} as const;

export function toStoredRecord(certification: Certification, source: string): StoredRecord {
  const { certification_id, mentor_id, expires_at, type, labels, status, renewable_from } = certification;
  return {
    _id: certification_id,
    mentor_id,
    expires_at,
    type,
    labels,
    status,
    renewable_from,
    expires_day: listedDay(certification_id, expires_at),
    source,
  };
}

/** A field that is missing gets what it stands for; anything else comes as it is stored. */
export function toRecord(stored: StoredRecord): StoredCertification {
  const {
    _id,
    mentor_id,
    expires_at,
    type = null,
    labels = [],
    status = 'active',
    renewable_from = null,
  } = stored;
  return { certification_id: _id, mentor_id, expires_at, type, labels, status, renewable_from };
}
