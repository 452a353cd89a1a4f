import type { Timestamp } from '../events/timestamp.js';

/**
 * The certifications that the check looks at. It is fed from outside and not derived from the event log: a rebuild
 * never touches it. Every call may throw StoreError.
 */
export interface CertificationRegistry {
  /** Inserts or replaces by certification_id; `source` says which import or feed the records are from. */
  upsert(certifications: readonly Certification[], source: string): Promise<void>;
  /** Removes the records with these ids; those that are not there are left out. */
  remove(certificationIds: readonly string[]): Promise<void>;
  /** Removes the records that are not from `source`: the second half of a full replacement. @returns how many */
  removeAllBut(source: string): Promise<number>;
  /**
   * All records, by mentor_id and then certification_id, in pages: memory stays bounded whatever their number, and the
   * records of one mentor follow each other. They come as stored: the reader validates them. A field that is missing, as
   * in records of earlier versions, comes with the value that it stands for: type null, labels [], status 'active',
   * renewable_from null.
   * Records may change meanwhile; one that moves to another mentor may then be seen twice or not at all.
   */
  pages(): AsyncIterable<StoredCertification[]>;
  /** The record of one certification, as stored. */
  find(certificationId: string): Promise<StoredCertification | undefined>;
  /** The records of one mentor, as stored, by certification_id, in pages of at most 1,000. */
  pagesOf(mentorId: string): AsyncIterable<StoredCertification[]>;
  /**
   * Records that match a query, in its order. A page costs the same wherever it is, and however many records there are;
   * one of matches that are rare takes longer, and never blocks the process. Records whose `expires_at` is no expiry that
   * can be read (see `expiresDay`), or whose id is no text, are in no list: runs report them.
   */
  list(query: CertificationQuery): Promise<ListedCertification[]>;
  /** Cheap, however many records there are. */
  summary(): Promise<RegistrySummary>;
  close(): Promise<void>;
}

export const CERTIFICATION_STATUSES = ['active', 'suspended', 'withdrawn'] as const;

export type CertificationStatus = (typeof CERTIFICATION_STATUSES)[number];

export interface Certification {
  certification_id: string;
  mentor_id: string;
  /** A calendar date (YYYY-MM-DD, the last day of validity) or an instant (RFC 3339). */
  expires_at: string;
  /** What is certified: a later record of the same mentor and type renews an earlier one. */
  type: string | null;
  labels: readonly string[];
  status: CertificationStatus;
  /** A calendar date: nothing can be done about the expiry before it. */
  renewable_from: string | null;
}

/** A record as stored: other writers may have put anything there, and left out what is optional. */
export type StoredCertification = Record<'certification_id' | 'mentor_id' | 'expires_at', unknown> &
  Partial<Record<keyof Certification, unknown>>;

/** Where a page begins: after the record with this day of expiry and id. */
export interface CertificationPlace {
  expires_day: number;
  certification_id: string;
}

/** Every field that is not undefined narrows the list. */
export interface CertificationQuery {
  /** Calendar days of UTC since 1970-01-01, inclusive. */
  expiresFrom?: number | undefined;
  expiresUntil?: number | undefined;
  type?: string | undefined;
  label?: string | undefined;
  status?: CertificationStatus | undefined;
  mentorId?: string | undefined;
  /** By day of expiry and then certification_id (by the bytes of its UTF-8), both in this direction. */
  order: 'ascending' | 'descending';
  after?: CertificationPlace | undefined;
  limit: number;
}

export interface ListedCertification {
  record: StoredCertification;
  place: CertificationPlace;
}

export interface RegistrySummary {
  /** Those with a status that is not known are counted here alone. */
  total: number;
  by_status: Record<CertificationStatus, number>;
  /**
   * When something was last written or removed, also where it changed nothing: an import or a feed has confirmed what is
   * there. A registry of an earlier version counts as changed when it is first opened by this one; null while it has never had a
   * record.
   */
  last_changed_at: Timestamp | null;
}
