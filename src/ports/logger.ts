/** Structured log lines; writing one never throws and never waits. ERROR: an operator must act. WARN: it recovered by itself, or needs a look in office hours. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Lines that nobody took; omitted where none can be lost. */
  dropped?: () => number;
}
