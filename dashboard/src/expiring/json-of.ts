import { answerOf } from '../api/client.js';

/** The body of a list that can also be a file, where no file was asked for. @throws ApiProblem */
export async function jsonOf<D>(
  asked: Parameters<typeof answerOf<D>>[0],
): Promise<Exclude<NonNullable<D>, string>> {
  const body = await answerOf(asked);
  if (typeof body === 'string') throw new Error('the answer is a file, and none was asked for');
  return body as Exclude<NonNullable<D>, string>;
}
