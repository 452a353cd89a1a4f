/** A line of the text: the value of a metric under its labels. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Also NaN and infinite. */
  value: number;
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\s*\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/s;
const LABEL = /([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/gs;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
const INFINITE: Readonly<Record<string, number>> = { '+Inf': Infinity, Inf: Infinity, '-Inf': -Infinity };

/**
 * Reads the text format of Prometheus, version 0.0.4. Comments, empty lines and what is no sample are left out: whoever
 * looks for a metric finds that it is not there.
 */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value = ''] = LINE.exec(line.trim()) ?? [];
    if (name === undefined) return [];
    const number = INFINITE[value] ?? (value === '' ? NaN : Number(value));
    if (Number.isNaN(number) && value !== 'NaN') return [];
    return [{ name, labels: labelsOf(labels), value: number }];
  });
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (whole, escaped: string) => ESCAPED[escaped] ?? whole);
}
