/** Each with all that begins so. */
const BEGINNINGS = [
  ...['forwarded', 'via', 'proxy-', 'cdn-', 'client-ip', 'true-client-ip', 'real-ip', 'remote-addr'],
  ...['x-forwarded', 'x-original-', 'x-rewrite-', 'x-proxy', 'x-scheme', 'x-url-scheme', 'x-host', 'x-via'],
  ...[
    'x-real-ip',
    'x-realip',
    'x-client-ip',
    'x-clientip',
    'x-cluster-',
    'x-remote-',
    'x-originating-',
    'x-true-',
    'x-connecting-',
  ],
  ...[
    'x-url',
    'x-ssl-',
    'x-https',
    'front-end-https',
    'x-varnish',
    'x-cache',
    'x-cdn',
    'x-envoy-',
    'x-nginx-',
  ],
  // Of a company or program: Amazon, Azure, Google, Cloudflare, Fastly, Fly, Vercel, DigitalOcean, Akamai, and others.
  ...[
    'x-amzn-',
    'x-amz-cf-',
    'cloudfront-',
    'x-azure-',
    'x-arr-',
    'x-appengine-',
    'x-cloud-trace-',
    'x-goog-',
  ],
  ...['cf-', 'fastly-', 'fly-', 'x-vercel-', 'x-nf-', 'do-connecting-ip', 'akamai-', 'x-akamai-', 'x-edge-'],
  ...[
    'incap-',
    'x-sucuri-',
    'x-heroku-',
    'x-railway-',
    'x-render-',
    'rndr-',
    'x-bluecoat-',
    'x-iinfo',
    'surrogate-',
  ],
  ...['x-ngrok-', 'ngrok-', 'tailscale-', 'x-kong-', 'x-traefik-', 'x-haproxy-', 'x-consumer-'],
];

/**
 * Whether the name of a header, in small letters, is one that proxies add to a request that they pass on: RFC 7239,
 * RFC 9110, and what was usual before them, also with `_` for `-`.
 */
export function isOfProxies(name: string): boolean {
  const plain = name.replaceAll('_', '-');
  return BEGINNINGS.some((beginning) => plain.startsWith(beginning));
}
