import { answerOf, api, type Schemas } from '../api/client.js';

/** How the service is; also while it starts or stops, when the probe is answered with 503. */
export async function loadReadiness(signal: AbortSignal): Promise<Schemas['Readiness']> {
  const asked = api.GET('/readyz', { signal });
  return answerOf(
    asked.then((answer) => {
      const { error, response } = answer;
      if (!isReadiness(error)) return answer;
      return { data: error, response: new Response(null, { status: 200, headers: response.headers }) };
    }),
  );
}

function isReadiness(body: unknown): body is Schemas['Readiness'] {
  return typeof body === 'object' && body !== null && 'dependencies' in body && 'role' in body;
}
