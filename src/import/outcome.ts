/** What became of a text in a file: a record, or why it is none. Tagged, so that no text of the file passes for a reason. */
export type Outcome<T> = { record: T } | { fault: string };

/** An outcome with the line where its text begins, numbered from 1. */
export type Line<T> = { line: number } & Outcome<T>;
