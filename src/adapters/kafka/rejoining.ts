/** An error after which kafkajs joins the group anew, as the same member. */
export function rejoining(reason: unknown): Error {
  const error = reason instanceof Error ? reason : new Error(String(reason));
  return Object.assign(error, { type: 'NOT_COORDINATOR_FOR_GROUP' });
}
