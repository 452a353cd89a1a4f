/** Standard output, or what stands for it in a test. */
export interface Output {
  /**
   * Resolves when the text is written, or the reader has gone away: no more is kept in memory than the reader is behind.
   * @throws OutputError when a text could not be written; for an empty one, also when an earlier one could not
   */
  readonly write: (text: string) => Promise<void>;
  /** Aborts when the reader has gone away, as `| head` does: nobody needs the rest. */
  readonly gone: AbortSignal;
}

/** What was written is not whole, as on a full disk. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

export function openOutput(stream: NodeJS.WritableStream = process.stdout): Output {
  const gone = new AbortController();
  let failure: OutputError | undefined;

  function take(error: (Error & { code?: string }) | null | undefined): void {
    if (!error || gone.signal.aborted) return;
    if (error.code === 'EPIPE') gone.abort();
    else failure ??= new OutputError(`standard output cannot be written: ${error.message}`, { cause: error });
  }

  stream.on('error', take);
  return {
    gone: gone.signal,
    async write(text) {
      if (gone.signal.aborted) return;
      if (failure === undefined)
        await new Promise<void>((resolve) => {
          stream.write(text, (error) => {
            take(error);
            resolve();
          });
        });
      if (failure !== undefined) throw failure;
    },
  };
}
