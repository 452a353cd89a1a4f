import { describe, expect, it } from '@jest/globals';
import { whyElsewhere, type Asked } from '../../../src/http/refuse-elsewhere.js';

function asked(changes: Partial<Asked> = {}, headers: Record<string, string> = {}): Asked {
  return {
    headers: { host: 'localhost:3000', ...headers },
    httpVersion: '1.1',
    originalUrl: '/api',
    socket: { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' },
    ...changes,
  };
}

const between = (localAddress: string, remoteAddress: string) =>
  asked({ socket: { localAddress, remoteAddress } });

describe('what names mentors is served', () => {
  it.each<[string, Asked]>([
    ['over the loopback', asked()],
    ['over the loopback in a socket of both versions', between('::ffff:127.0.0.1', '::ffff:127.0.0.1')],
    ['over the loopback of version 6', asked({ socket: { localAddress: '::1', remoteAddress: '::1' } })],
    ['by an address', asked({}, { host: '127.0.0.1:3000' })],
    ['by an address of version 6', asked({}, { host: '[::1]:3000' })],
    ['in any case', asked({}, { host: 'LOCALHOST' })],
    ['to a page of its own', asked({}, { origin: 'http://localhost:3000' })],
    ...[
      ...['accept', 'accept-encoding', 'accept-language', 'authorization', 'cache-control', 'connection'],
      ...['content-type', 'cookie', 'dnt', 'expect', 'if-none-match', 'pragma', 'priority', 'range'],
      ...['referer', 'sec-fetch-site', 'te', 'traceparent', 'tracestate', 'baggage', 'upgrade', 'user-agent'],
      ...['x-api-key', 'x-request-id', 'x-requested-with', 'x-correlation-id', 'x-http-method-override'],
    ].map((header): [string, Asked] => [`with ${header}`, asked({}, { [header]: '' })]),
  ])('%s', (_, request) => {
    expect(whyElsewhere(request)).toBeUndefined();
  });
});

describe('what names mentors is refused', () => {
  it.each<[string, Asked, string]>([
    ['to another machine', between('10.0.0.1', '10.0.0.2'), 'not come over the loopback'],
    ['to this machine by another address', between('10.0.0.1', '10.0.0.1'), 'not come over the loopback'],
    ['from another machine', between('127.0.0.1', '10.0.0.2'), 'not come over the loopback'],
    [
      'to nobody',
      asked({ socket: { localAddress: undefined, remoteAddress: undefined } as never }),
      'not come over the loopback',
    ],
    ['under a name of its own', asked({}, { host: 'certifications.example' }), 'no name of the loopback'],
    ['under a name that begins so', asked({}, { host: 'localhost.example' }), 'no name of the loopback'],
    ['under what is no name', asked({}, { host: '' }), 'no name of the loopback'],
    ['under no name', asked({ headers: {} }), 'no name of the loopback'],
    ['to a page of another origin', asked({}, { origin: 'https://app.example' }), 'another origin'],
    ['to a page of another port', asked({}, { origin: 'http://localhost:5173' }), 'another origin'],
    ['to a page of no origin', asked({}, { origin: 'null' }), 'another origin'],
    ['to HTTP/1.0', asked({ httpVersion: '1.0' }), 'HTTP/1.0'],
    ['to the target of a proxy', asked({ originalUrl: 'http://localhost/api' }), 'target'],
    ...[
      ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded'],
      ...['x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'forwarded-for', 'cdn-loop'],
      ...['fly-client-ip', 'x-original-host', 'x-original-url', 'x-scheme', 'proxy-connection', 'x-varnish'],
      ...[
        'x-azure-ref',
        'x-azure-fdid',
        'x-arr-ssl',
        'x-arr-log-id',
        'x-vercel-id',
        'x-vercel-forwarded-for',
      ],
      ...['do-connecting-ip', 'client-ip', 'client_ip', 'x-remote-addr', 'x_forwarded_for', 'x-proxyuser-ip'],
      ...['x-cluster-client-ip', 'x-envoy-external-address', 'x-amzn-trace-id', 'x-appengine-user-ip'],
      ...['x-original-forwarded-for', 'x-rewrite-url', 'x-forwarded_proto', 'x-nginx-proxy', 'x-host'],
      ...['x-proxyuserip', 'x-clientip', 'x-realip', 'fastly-ff', 'cloudfront-viewer-address', 'remote-addr'],
    ].map((header): [string, Asked, string] => [`behind ${header}`, asked({}, { [header]: '' }), header]),
  ])('%s', (_, request, why) => {
    expect(whyElsewhere(request)).toContain(why);
  });
});
