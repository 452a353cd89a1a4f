import * as z from 'zod';

const page = z.int().describe('from 1');
const limit = z.int().describe('at most so many are in a page');
/** Where all that fit are counted. */
export const total = z.int().describe('of all pages together');
/** Where counting goes only so far. */
export const totalIfCounted = total.nullable().describe('of all pages together; null: more than are counted');
const next_cursor = z
  .string()
  .nullable()
  .describe('the parameter `cursor` of the next page; null: this one is the last');

/** A page of a list with numbered pages. @param data one row @param total how many rows there are */
export function numberedPages<T extends z.ZodType, N extends z.ZodType>(data: T, total: N) {
  return z.strictObject({
    data: z.array(data),
    pagination: z.strictObject({ page, limit, total, next_cursor }),
  });
}

export const cursorPagination = z.strictObject({ limit, next_cursor });

/** A page of a list whose pages are found one after the other. */
export function pagesByCursor<T extends z.ZodType>(data: T) {
  return z.strictObject({ data: z.array(data), pagination: cursorPagination });
}

export const pageNumbers = z.strictObject({ page, limit, total });
