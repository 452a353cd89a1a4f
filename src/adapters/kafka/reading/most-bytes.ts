/** A batch is not read when it is larger, as it comes or decompressed. */
export const MOST_BATCH_BYTES = 16_777_216;
/** How much is taken from a partition at once: at least one message, and no more once this is reached. */
export const MOST_PARTITION_BYTES = 1_048_576;
/** How much a consumer holds of all its partitions before it fetches more. */
export const MOST_HELD_BYTES = 8_388_608;
/** What a message takes of memory beyond its bytes. */
export const MESSAGE_BYTES = 500;

/** What is larger in a message is cut, and the message says so. */
export const MOST_KEY_BYTES = 1_024;
export const MOST_VALUE_BYTES = 1_048_576;
export const MOST_HEADERS = 100;
export const MOST_HEADER_NAME_BYTES = 256;
export const MOST_HEADER_VALUE_BYTES = 8_192;
