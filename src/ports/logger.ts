/** Structured log lines. ERROR: an operator must act. WARN: it recovered by itself, or needs a look in office hours. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
