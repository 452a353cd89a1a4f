import type { Filter } from 'mongodb';
import type { CertificationQuery, ListedCertification } from '../../ports/certification-registry.js';
import type { InRecords } from './registry-days.js';
import { RECORD_FIELDS, toRecord, type StoredRecord } from './registry-record.js';

/** The records that match a query, in its order. Each of its parts is a range of an index. */
export async function listRecords(
  inRecords: InRecords,
  query: CertificationQuery,
): Promise<ListedCertification[]> {
  const direction = query.order === 'ascending' ? 1 : -1;
  const listed: ListedCertification[] = [];
  for (const range of rangesOf(query)) {
    const limit = query.limit - listed.length;
    if (limit <= 0) break;
    const found = await inRecords((records) =>
      records
        .find({ ...filterOf(query), ...range } as Filter<StoredRecord>, {
          projection: { ...RECORD_FIELDS, expires_day: 1 },
          sort: { expires_day: direction, _id: direction },
          limit,
          enableUtf8Validation: false,
        })
        .toArray(),
    );
    for (const stored of found) {
      // Both are what the range asks for: a number, and a text.
      const place = { expires_day: stored.expires_day as number, certification_id: stored._id };
      listed.push({ record: toRecord(stored), place });
    }
  }
  return listed;
}

/** The rest of the day of the place, then the other days: one range of both would be searched from the day's beginning. */
function rangesOf({ expiresFrom, expiresUntil, order, after }: CertificationQuery): object[] {
  const whole = {
    $gte: expiresFrom ?? Number.MIN_SAFE_INTEGER,
    $lte: expiresUntil ?? Number.MAX_SAFE_INTEGER,
  };
  if (after === undefined) return [{ expires_day: whole }];
  const { expires_day: day, certification_id } = after;
  const [rest, days] =
    order === 'ascending'
      ? [{ $gt: certification_id }, { $gte: Math.max(day + 1, whole.$gte), $lte: whole.$lte }]
      : [{ $lt: certification_id }, { $gte: whole.$gte, $lte: Math.min(day - 1, whole.$lte) }];
  const isWithin = day >= whole.$gte && day <= whole.$lte;
  return [...(isWithin ? [{ expires_day: day, _id: rest }] : []), { expires_day: days }];
}

function filterOf({ type, label, status, mentorId }: CertificationQuery): object {
  return {
    ...(type !== undefined && { type }),
    ...(label !== undefined && { labels: label }),
    ...(status !== undefined && { status }),
    ...(mentorId !== undefined && { mentor_id: mentorId }),
  };
}
