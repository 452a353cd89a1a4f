import { fstatSync, writeSync } from 'node:fs';

/** Where lines go: whatever becomes of the reader, writing never throws and never waits. */
export interface LineOutput {
  write: (line: string) => void;
  /** Lines that were dropped so far: nobody took them, or the disk was full. */
  dropped: () => number;
  /** Whether it takes lines at the moment, as far as is known. */
  takesLines: () => boolean;
}

/** Such as `process.stdout`. */
export type StandardStream = NodeJS.WriteStream & { fd: number };

/** What a reader has not taken yet: beyond that lines are dropped. */
const MOST_UNTAKEN_BYTES = 1024 * 1024;

/**
 * Pipes and sockets are written by Node's stream, which never waits (libuv makes them non-blocking); files and devices
 * directly, since a stream gives up for good after the first error, as on a disk that is full for a while.
 */
export function createLineOutput(stream: StandardStream): LineOutput {
  const { fd } = stream;
  const isStream = stream.isTTY || isPipe(fd);
  let dropped = 0;
  let failed = false;
  // Without a listener, the end of the reader would end the process.
  stream.on('error', () => {
    failed = true;
  });

  const takesLines = (): boolean =>
    isStream ? !stream.destroyed && stream.writableLength <= MOST_UNTAKEN_BYTES : !failed;

  return {
    takesLines,
    dropped: () => dropped,
    write(line) {
      try {
        if (isStream && !takesLines()) dropped++;
        else if (isStream) stream.write(line);
        else writeAll(fd, line);
        failed = false;
      } catch {
        failed = true;
        dropped++;
      }
    },
  };
}

/** @throws the error of the file system */
function writeAll(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let from = 0; from < bytes.length;) from += writeSync(fd, bytes, from);
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    // A descriptor that was closed before the start takes nothing.
    return false;
  }
}
