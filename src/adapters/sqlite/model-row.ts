import { crc32 } from 'node:zlib';
import { StoreError } from '../../ports/store-error.js';

/** A row of a read model as stored in its table. */
export interface ModelRow {
  key: string;
  version: number;
  document: string;
  /** CRC-32 over the rest: what is decided by a row must not be decided by a flipped digit. */
  checksum: number;
}

export function toModelRow(key: string, version: number, document: unknown): ModelRow {
  const row = { key, version, document: JSON.stringify(document) };
  return { ...row, checksum: checksumOf(row) };
}

/** @throws StoreError store_damaged when the row is not what was written */
export function intactDocument(row: ModelRow, path: string): unknown {
  if (checksumOf(row) !== row.checksum)
    throw new StoreError(
      'store_damaged',
      `${path}: the row ${row.key} is damaged: read models are made anew from the log`,
    );
  return JSON.parse(row.document);
}

function checksumOf({ key, version, document }: Omit<ModelRow, 'checksum'>): number {
  return crc32(`${key}\n${version}\n${document}`);
}
