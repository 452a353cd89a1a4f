import type { Response } from 'express';
import { parseTraceparent, traceIdIn } from '../events/traceparent.js';

/** The trace that the request was part of, as its header says; undefined without a valid one. */
export function traceparentOf({ req }: Pick<Response, 'req'>): string | undefined {
  return parseTraceparent(req.headers.traceparent);
}

/** The same for a log line: nothing, or the id of the trace. */
export function traceField(response: Pick<Response, 'req'>): { trace_id?: string } {
  const traceparent = traceparentOf(response);
  return traceparent === undefined ? {} : { trace_id: traceIdIn(traceparent) };
}
