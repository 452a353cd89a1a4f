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
   * records of one mentor follow each other. They come as stored: the reader validates them.
   * Records may change meanwhile; one that moves to another mentor may then be seen twice or not at all.
   */
  pages(): AsyncIterable<StoredCertification[]>;
  count(): Promise<number>;
  close(): Promise<void>;
}

export interface Certification {
  certification_id: string;
  mentor_id: string;
  /** A calendar date (YYYY-MM-DD, the last day of validity) or an instant (RFC 3339). */
  expires_at: string;
}

/** A record as stored: other writers may have put anything there. */
export type StoredCertification = Record<keyof Certification, unknown>;
