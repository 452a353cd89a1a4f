import type { RequestHandler } from 'express';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

/** A file as it is sent, plain and compressed; each `etag` in quotes. */
export interface PageFile {
  type: 'html' | 'css' | 'js';
  plain: { bytes: Buffer; etag: string };
  gzip: { bytes: Buffer; etag: string };
}

export interface PageFiles {
  /** A file of a page by its path, without the slash at its beginning; undefined for any other path. */
  get(path: string): Promise<PageFile> | undefined;
}

interface Page {
  files: PageFiles;
  /** The Content-Security-Policy. */
  policy: string;
  cacheControl: string;
  /** What whoever asks for another file is told. */
  whatIsHere: string;
}

const MOST_OF_A_NAME = 100;

/** Sends the files of a page for people. They are for everybody: they name nobody, and the page asks with a credential. */
export function sendPageFiles({ files, policy, cacheControl, whatIsHere }: Page): RequestHandler {
  return async (request, response) => {
    const path = request.path.slice(1);
    const found = files.get(path);
    if (found === undefined) {
      const detail = `there is no file ${shortened(path, MOST_OF_A_NAME)}; ${whatIsHere}`;
      throw new ProblemError({ status: 404, code: 'path_not_found', detail });
    }
    const file = await found;
    const encoding = request.acceptsEncodings('gzip', 'identity') === 'gzip' ? 'gzip' : 'plain';
    const { bytes, etag } = file[encoding];
    response.vary('Accept-Encoding').type(file.type);
    response.set({ ETag: etag, 'Cache-Control': cacheControl, 'Content-Security-Policy': policy });
    // Express answers 304 then, without a body that would be encoded.
    if (encoding === 'gzip' && !request.fresh) response.set('Content-Encoding', 'gzip');
    // All at once: an answer that has ended can be cut to make room, so whoever does not take it keeps nobody out.
    response.send(bytes);
  };
}

/** What a page may do: run and load what comes from here, and ask this service. Icons are in a style or page, as data. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');
