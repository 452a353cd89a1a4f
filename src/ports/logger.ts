/** Structured log lines. ERROR means that someone must act; WARN that something healed by itself or needs a look in office hours. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
