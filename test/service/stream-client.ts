import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** An event as it came over a stream. */
export interface StreamedEvent {
  id: string;
  event: string;
  data: Record<string, any>;
}

export interface StreamClient {
  status: number;
  headers: IncomingHttpHeaders;
  /** All that has come, as it came. */
  text: () => string;
  /** The events that have come as a whole. */
  events: () => StreamedEvent[];
  /** Whether the service has ended it. */
  ended: () => boolean;
  hangUp: () => void;
  /** Stops reading. */
  pause: () => void;
  resume: () => void;
}

/** Follows a stream of events, and reads it as the standard of server-sent events says. Resolves with its headers. */
export function followStream(url: string, headers: Record<string, string> = {}): Promise<StreamClient> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(url, { headers, agent: false }, (response: IncomingMessage) => {
      let rest = '';
      let text = '';
      let ended = false;
      const events: StreamedEvent[] = [];
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        events.push(...blocks.flatMap(eventIn));
      });
      response.on('error', () => undefined);
      response.on('close', () => (ended = true));
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: () => text,
        events: () => events,
        ended: () => ended,
        hangUp: () => asked.destroy(),
        pause: () => response.pause(),
        resume: () => response.resume(),
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function eventIn(block: string): StreamedEvent[] {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name !== '') fields.set(name, value);
  }
  const data = fields.get('data');
  if (data === undefined) return [];
  return [
    {
      id: fields.get('id') ?? '',
      event: fields.get('event') ?? '',
      data: JSON.parse(data) as Record<string, any>,
    },
  ];
}
