/** The partition was read into another journal: this one does not know what that one has sent. */
export class ForeignJournalError extends Error {
  name = 'ForeignJournalError';
}

/**
 * Two machines that do not know of each other would send everything in flight twice when a partition moves. So the id of
 * the journal stands beside each offset that is committed, and a partition is read only into the journal that it was read
 * into before. Its first commit comes before its first message: the broker takes it from nobody but the owner of the
 * partition, and whoever owns it next finds it.
 * @param {object} parts
 * @param {import('kafkajs').Consumer} parts.consumer
 * @param {import('kafkajs').Admin} parts.admin
 * @param {string} parts.group
 * @param {string} parts.topic
 * @param {string} parts.journalId
 * @param {string | undefined} parts.succeeds the id of a journal that is lost for good
 */
export function createPartitionClaims({ consumer, admin, group, topic, journalId, succeeds }) {
  const mark = (/** @type {string} */ id) => `journal ${id}`;
  const allowed = ['', mark(journalId), ...(succeeds === undefined ? [] : [mark(succeeds)])];
  /** @type {Set<number>} */
  const claimed = new Set();

  /** @param {number} partition @param {string} offset the next one to be read */
  async function commit(partition, offset) {
    await consumer.commitOffsets([{ topic, partition, offset, metadata: mark(journalId) }]);
  }

  return {
    /** All have to be claimed again: the group was joined anew. */
    forget: () => claimed.clear(),
    commit,
    /**
     * @param {number} partition @param {string} offset of the first message
     * @throws {ForeignJournalError}
     */
    async claim(partition, offset) {
      if (claimed.has(partition)) return;
      const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const before = offsets?.partitions.find((one) => one.partition === partition)?.metadata ?? '';
      if (!allowed.includes(before)) {
        throw new ForeignJournalError(
          `partition ${partition} of ${topic} was read into the ${before}, and this is ${journalId}: instances of a ` +
            `group share one journal. If that one is lost for good, set JOURNAL_SUCCEEDS to its id`,
        );
      }
      await commit(partition, offset);
      claimed.add(partition);
    },
  };
}
