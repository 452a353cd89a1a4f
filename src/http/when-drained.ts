import type { Response } from 'express';

/** Resolves when the client has taken what was written, or `gone` aborts. */
export function whenDrained({
  response,
  gone,
}: {
  response: Pick<Response, 'once' | 'off' | 'writableNeedDrain'>;
  gone: AbortSignal;
}): Promise<void> {
  if (!response.writableNeedDrain || gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      response.off('drain', over);
      gone.removeEventListener('abort', over);
      resolve();
    };
    response.once('drain', over);
    gone.addEventListener('abort', over);
  });
}
