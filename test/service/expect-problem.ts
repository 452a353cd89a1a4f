import { expect } from '@jest/globals';

export interface ExpectedProblem {
  status: number;
  code: string;
  /** The field that is at fault, and a piece of what must be said about it. */
  field?: string | undefined;
  says?: string | undefined;
}

/** The documented shape of every refusal. */
export function expectProblemShape(body: Record<string, any>, status: number): void {
  expect(body).toMatchObject({
    type: expect.stringMatching(/^urn:certification-cron:problem:[a-z_]+$/),
    title: expect.stringMatching(/./),
    status,
    code: expect.stringMatching(/^[a-z_]+$/),
    detail: expect.stringMatching(/./),
    request_id: expect.stringMatching(/./),
  });
  if (body.errors === undefined) return;
  // A field that nobody knows may have the empty name.
  for (const error of body.errors)
    expect(error).toEqual({ field: expect.any(String), message: expect.stringMatching(/./) });
}

export function expectProblem(
  answer: { status: number; contentType: string | null | undefined; text: string },
  { status, code, field, says }: ExpectedProblem,
): void {
  expect(answer.status).toBe(status);
  expect(answer.contentType).toMatch(/^application\/problem\+json/);
  const body = JSON.parse(answer.text) as Record<string, any>;
  expectProblemShape(body, status);
  expect(body.code).toBe(code);
  if (field === undefined) return;
  const errors = body.errors as { field: string; message: string }[];
  expect(errors.map((error) => error.field)).toContain(field);
  expect(errors.find((error) => error.field === field)?.message).toContain(says ?? '');
}
