import { CloudEvent, Kafka } from 'cloudevents';
import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from '../../../src/ports/message-bus.js';
import { given, incoming, type Feed } from './handed-to-feed.js';

const payloads: Record<Feed, object> = {
  certifications: { mentor_id: 'm', expires_at: '2030-01-31' },
  runs: { cron_id: 'cron-1', run_id: 'run-1' },
  results: { cron_id: 'cron-1', run_id: 'run-1', status: 'failed', error: { message: 'why' } },
};
const feeds = Object.keys(payloads) as Feed[];
const attributes = { id: 'event-1', source: '/executor', type: 'done' };

/** As the SDK writes it in the structured mode. */
function bySdk(event: CloudEvent<unknown>, headers: IncomingMessage['headers'] = {}): IncomingMessage {
  const { value, headers: own } = Kafka.structured(event);
  const bytes = Buffer.from(value);
  return incoming(null, { value: bytes, headers: { ...(own as Record<string, string>), ...headers } });
}

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const envelope = { specversion: '1.0', ...attributes, data: payloads.results };
const result = (value: object, headers: IncomingMessage['headers'] = STRUCTURED) =>
  given('results', incoming(value, { headers }));
const causeOf = (taken: unknown[]) =>
  (taken[0] as { cause: { causation_id: string | null } }).cause.causation_id;

describe('a CloudEvent in the value of a message (structured mode)', () => {
  it.each(feeds)('is read as the SDK writes it, like the data alone: %s', async (feed) => {
    const alone = await given(feed, incoming(payloads[feed], { headers: { ce_id: 'event-1' } }));
    expect(alone.reasons).toEqual([]);
    const event = new CloudEvent({ ...attributes, data: payloads[feed] });
    expect(await given(feed, bySdk(event))).toEqual(alone);
    const inBytes = new CloudEvent({ ...attributes, data: Buffer.from(JSON.stringify(payloads[feed])) });
    expect(await given(feed, bySdk(inBytes))).toEqual(alone);
  });

  it.each<[string, Record<string, string>]>([
    ['a charset', { 'content-type': 'application/cloudevents+json; charset=UTF-8' }],
    ['spaces', { 'content-type': ' application/cloudevents+json ;charset=utf-8' }],
    ['capitals', { 'Content-Type': 'Application/CloudEvents+JSON' }],
  ])('is known by its content-type with %s', async (_, headers) => {
    expect((await result(envelope, headers)).reasons).toEqual([]);
  });

  it('gives its id as the cause, whatever the headers say', async () => {
    const { taken } = await result(envelope, { ...STRUCTURED, ce_id: 'other' });
    expect(causeOf(taken)).toBe('event-1');
  });

  it('gives its trace to what follows, the header of the message before its own; others are ignored', async () => {
    const trace = (parent: string): string => `00-0af7651916cd43dd8448eb211c80319c-${parent}-01`;
    const [own, hop] = [trace('b7ad6b7169203331'), trace('00f067aa0ba902b7')];
    const traceOf = async (value: object, headers: IncomingMessage['headers']) => {
      const { taken } = await result(value, headers);
      return (taken[0] as { cause: { traceparent?: string } }).cause.traceparent;
    };
    const event = { ...envelope, traceparent: own };
    expect(await traceOf(event, STRUCTURED)).toBe(own);
    expect(await traceOf(event, { ...STRUCTURED, TraceParent: hop })).toBe(hop);
    expect(await traceOf(event, { ...STRUCTURED, traceparent: 'none' })).toBe(own);
    expect(await traceOf(payloads.results, { ce_traceparent: own })).toBe(own);
    for (const wrong of [7, null, '', own.toUpperCase(), 'x'.repeat(10_000)])
      expect(await traceOf({ ...envelope, traceparent: wrong }, STRUCTURED)).toBeUndefined();
    const { taken } = await given('runs', incoming(payloads.runs, { headers: { traceparent: own } }));
    expect(taken).toEqual([{ cronId: 'cron-1', runId: 'run-1', traceparent: own }]);
  });

  it('may have attributes of its own, and such that are null', async () => {
    expect(
      (await result({ ...envelope, subject: null, data_base64: null, traceparent: '0' })).reasons,
    ).toEqual([]);
  });

  it.each<[object, string]>([
    [[], 'value must be a CloudEvent, an object with specversion, id, source, type, and data or data_base64'],
    [
      payloads.results,
      'specversion must be 1.0; id must be a text; source must be a text; type must be a text',
    ],
    [{ ...envelope, specversion: '0.3' }, 'specversion must be 1.0'],
    [{ ...envelope, id: undefined }, 'id must be a text'],
    [{ ...envelope, id: '' }, 'id must not be empty'],
    [{ ...envelope, id: 'i'.repeat(201) }, 'id must have at most 200 characters'],
    [{ ...envelope, id: 'a\ud800' }, 'id must not contain half of a surrogate pair'],
    [{ ...envelope, source: 7 }, 'source must be a text'],
    [{ ...envelope, type: '' }, 'type must not be empty'],
    [{ ...envelope, data: undefined }, 'data must be there, or data_base64, but not both'],
    [{ ...envelope, data_base64: 'e30=' }, 'data must be there, or data_base64, but not both'],
    [{ ...envelope, data: null }, 'data must be an object with cron_id, run_id, status, and result or error'],
    [{ ...envelope, data: { ...payloads.results, status: 'done' } }, 'data.status must be success or failed'],
    [{ ...envelope, data: undefined, data_base64: '{}' }, 'data_base64 must be a text in Base64'],
    [{ ...envelope, data: undefined, data_base64: '' }, 'data_base64 is no valid JSON'],
    [{ ...envelope, data: undefined, data_base64: '/w==' }, 'data_base64 is no text in UTF-8'],
    [{ ...envelope, data: undefined, data_base64: 'e30=' }, 'data.status must be success or failed'],
  ])('is set aside when it is broken, and the reason names the field: %j', async (value, reason) => {
    expect(await result(value)).toEqual({ taken: [], reasons: [reason] });
  });

  it.each(['application/cloudevents', 'application/cloudevents-batch+json', 'application/cloudevents+avro'])(
    'is set aside in another format: %s',
    async (format) => {
      const { taken, reasons } = await result(envelope, { 'content-type': format });
      expect(taken).toEqual([]);
      expect(reasons).toEqual([
        `header content-type must be application/cloudevents+json for a CloudEvent in the value, not ${format}`,
      ]);
    },
  );

  it('without data is no tombstone, and a tombstone stays one', async () => {
    const withoutData = { ...envelope, data: undefined };
    expect(await given('certifications', incoming(withoutData, { headers: STRUCTURED }))).toEqual({
      taken: [],
      reasons: ['data must be there, or data_base64, but not both'],
    });
    expect(await given('certifications', incoming(null, { headers: STRUCTURED }))).toEqual({
      taken: [['key']],
      reasons: [],
    });
  });
});

describe('a message with the attributes of a CloudEvent in its headers (binary mode)', () => {
  it.each(['application/json', 'application/vnd.cloudevents+json', ''])(
    'is its data alone, and its ce_id the cause: content-type %j',
    async (type) => {
      const { taken, reasons } = await result(payloads.results, { 'content-type': type, CE_Id: 'event-1' });
      expect(reasons).toEqual([]);
      expect(causeOf(taken)).toBe('event-1');
    },
  );
});
