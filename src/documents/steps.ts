/**
 * What is made in steps of some milliseconds: it yields between them, so that the event loop may do something else. A
 * generator and no promise, since whoever writes the documents into files needs no turns.
 */
export type Steps<T> = Generator<undefined, T, undefined>;
