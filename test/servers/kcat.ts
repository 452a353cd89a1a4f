import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A message as an independent consumer, on librdkafka, sees it. */
export interface KcatMessage {
  partition: number;
  offset: number;
  /** When it was written, epoch milliseconds: by its producer, or by the broker where that is so configured. */
  at: number;
  key: string;
  headers: Record<string, string>;
  /** null is a tombstone. */
  payload: string | null;
}

/** Writes each as a message of its own; they may be compressed together. @param codec gzip, snappy, lz4, zstd */
export function writeTopic(brokers: string, topic: string, values: readonly string[], codec: string): void {
  const args = ['-P', '-b', brokers, '-t', topic, '-z', codec, '-X', 'linger.ms=100'];
  const { status, stderr } = spawnSync('kcat', args, { input: values.join('\n'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`kcat: ${stderr}`);
}

/** Reads a topic from its beginning to its end. */
export async function readTopic(brokers: string, topic: string): Promise<KcatMessage[]> {
  const args = ['-C', '-b', brokers, '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const { stdout } = await promisify(execFile)('kcat', args, { maxBuffer: 2 ** 30 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { partition, offset, ts, key, headers = [], payload } = JSON.parse(line);
      const named: Record<string, string> = {};
      for (let at = 0; at < headers.length; at += 2) named[headers[at]] = headers[at + 1];
      return { partition, offset, at: ts, key, headers: named, payload };
    });
}
