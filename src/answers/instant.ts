import * as z from 'zod';

/** An instant in the answers of the contract: RFC 3339 in UTC, whole seconds; fractions are truncated. */
export const secondInstant = z.iso.datetime({ precision: 0 });

/** An instant as it stands in the log: RFC 3339 in UTC, with milliseconds. */
export const millisecondInstant = z.iso.datetime({ precision: 3 });

/** A calendar date. */
export const date = z.iso.date();
