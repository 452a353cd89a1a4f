import express, { type NextFunction, type RequestHandler } from 'express';
import { bodyTooLarge, MAX_BODY_BYTES } from './problem.js';
import { refuseBadBody } from './refuse-bad-body.js';
import { announcesBody } from './require-json.js';

/** What is sent may be larger than what is in it, by the frame of a body that compression did not make smaller. */
const MOST_SENT_BYTES = MAX_BODY_BYTES + 1_024;

/**
 * Lets the client send its body: some wait to be asked.
 * @throws ProblemError body_too_large, by what the request announces
 */
export const askForBody: RequestHandler = (request, response, next) => {
  const { headers, httpVersion } = request;
  if (Number(headers['content-length']) > MOST_SENT_BYTES) throw bodyTooLarge();
  const waits = httpVersion === '1.1' && headers.expect?.toLowerCase() === '100-continue';
  if (waits && announcesBody(request)) response.writeContinue();
  next();
};

/**
 * Reads a body of JSON up to the limit. The parser would read a body that it refuses to its end before it says so; here
 * the refusal comes as soon as too much was sent.
 */
export function readJson(): RequestHandler {
  const json: RequestHandler = express.json({ limit: MAX_BODY_BYTES, verify: refuseBadBody });
  return (request, response, next) => {
    let left = MOST_SENT_BYTES;
    let isOver = false as boolean;
    const goOn: NextFunction = (error?: unknown) => {
      if (isOver) return;
      isOver = true;
      request.off('data', count);
      next(error);
    };
    function count({ length }: Buffer): void {
      left -= length;
      if (left < 0) goOn(bodyTooLarge());
    }
    json(request, response, goOn);
    // After the parser, which may not want to read: a listener would begin to.
    if (!isOver) request.on('data', count);
  };
}
