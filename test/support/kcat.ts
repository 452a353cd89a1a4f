import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** A message as an independent consumer, on librdkafka, sees it. */
export interface KcatMessage {
  partition: number;
  offset: number;
  key: string;
  headers: Record<string, string>;
  payload: string;
}

export function hasKcat(): boolean {
  return spawnSync('kcat', ['-V']).status === 0;
}

/** Reads a topic from its beginning to its end. */
export async function readTopic(brokers: string, topic: string): Promise<KcatMessage[]> {
  const args = ['-C', '-b', brokers, '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const { stdout } = await promisify(execFile)('kcat', args, { maxBuffer: 2 ** 30 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { partition, offset, key, headers = [], payload } = JSON.parse(line);
      const named: Record<string, string> = {};
      for (let at = 0; at < headers.length; at += 2) named[headers[at]] = headers[at + 1];
      return { partition, offset, key, headers: named, payload };
    });
}
