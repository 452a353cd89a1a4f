/** The file cannot be read as a whole: its name, encoding or header is wrong. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
