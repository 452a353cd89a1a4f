import type * as z from 'zod';
import type { ProblemCode } from '../../http/problem-code.js';

/** What one method of one route takes and answers, as OpenAPI has it. */
export interface Operation {
  /** Its name in generated clients. */
  id: string;
  /** What it does, in a few words. */
  summary: string;
  /** What a client should know of it. Markdown. */
  description?: string;
  query?: z.ZodObject;
  body?: RequestBody;
  /** Headers that change what it does. */
  headers?: readonly RequestHeader[];
  /** By their status. */
  answers: Readonly<Record<number, Answer>>;
  /** Those of this operation; others may come from each, see `commonProblems`. */
  problems: readonly ProblemCode[];
}

export interface RequestBody {
  schema: z.ZodType;
  isRequired: boolean;
}

export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Last-Event-ID';

export type AnswerHeader = 'ETag' | 'Location' | 'Content-Location' | 'Reads-Lag' | 'Content-Disposition';

export interface Answer {
  description: string;
  /** Of its JSON; undefined where it is no JSON. */
  schema?: z.ZodType;
  /** Other media types that it may have: their bodies are texts. */
  texts?: readonly string[];
  headers?: readonly AnswerHeader[];
}

/** By the path and the method, as the table of scopes has them. */
export type Operations = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
