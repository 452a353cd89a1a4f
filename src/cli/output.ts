/** Standard output, or what stands for it in a test. */
export interface Output {
  /** Resolves when more may be written: no more is kept in memory than the reader is behind. Rejects never. */
  readonly write: (text: string) => Promise<void>;
  /** Aborts when the reader has gone away, as `| head` does: nobody needs the rest. */
  readonly gone: AbortSignal;
}

export function openOutput(stream: NodeJS.WritableStream = process.stdout): Output {
  const gone = new AbortController();
  stream.on('error', () => {
    gone.abort();
  });
  return {
    gone: gone.signal,
    write(text) {
      if (gone.signal.aborted || stream.write(text)) return Promise.resolve();
      return new Promise((resolve) => {
        const goOn = (): void => {
          stream.removeListener('drain', goOn);
          gone.signal.removeEventListener('abort', goOn);
          resolve();
        };
        stream.on('drain', goOn);
        gone.signal.addEventListener('abort', goOn);
      });
    },
  };
}
