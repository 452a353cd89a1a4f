import * as z from 'zod';

/** A problem as RFC 9457 has it. Some codes have further members, such as `run_id`. */
export const problemAnswer = z.looseObject({
  type: z.string().describe('a URN that ends with the code'),
  title: z.string().describe('the phrase of the status'),
  status: z.int(),
  code: z.string().describe('stable, for programs; new ones may come'),
  detail: z.string().describe('what is wrong, for people'),
  errors: z
    .array(z.strictObject({ field: z.string(), message: z.string().describe('what is allowed') }))
    .optional()
    .describe('each input that is wrong, the first 20'),
  errors_left_out: z.int().optional().describe('so many more are wrong'),
  request_id: z
    .string()
    .describe('by which the log of the service names this request; empty where it has none'),
});
