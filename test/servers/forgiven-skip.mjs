/**
 * EventStoreDB comes only as an image, so its server may be missing even where every skipped test is a failure.
 * The name is the one that describeWithServer gives.
 */
export function isForgivenSkip(test, env) {
  return (
    test.status === 'pending' &&
    env.TEST_EVENTSTORE_MISSING !== undefined &&
    test.ancestorTitles.some((title) =>
      title.endsWith(`(SKIPPED: no eventstore: ${env.TEST_EVENTSTORE_MISSING})`),
    )
  );
}
