import {
  accessAnswer,
  documentAnswer,
  leaderAnswer,
  liveAnswer,
  readyAnswer,
  schemaListAnswer,
} from '../../answers/service-answers.js';
import type { Operation, Operations } from './operation.js';

function documentOperation(id: string, summary: string): Operation {
  return {
    id,
    summary,
    answers: { 200: { description: 'The document.', schema: documentAnswer, headers: ['ETag'] } },
    problems: [],
  };
}

const leader: Operation = {
  id: 'getLeader',
  summary: 'Shows which instance leads, as this one sees it',
  answers: { 200: { description: 'The leader.', schema: leaderAnswer } },
  problems: [],
};

const access: Operation = {
  id: 'getAccess',
  summary: 'Shows who the sender is to this service, and what it may do',
  answers: { 200: { description: 'The name and the scopes.', schema: accessAnswer } },
  problems: [],
};

export const leaderOperations: Operations = { '/leader': { GET: leader } };
export const accessOperations: Operations = { '/access': { GET: access } };

/** Beside the API, with paths of their own. */
export const serviceOperations: Operations = {
  '/livez': {
    GET: {
      id: 'isLive',
      summary: 'Says that the process is alive',
      answers: { 200: { description: 'It is.', schema: liveAnswer } },
      problems: [],
    },
  },
  '/readyz': {
    GET: {
      id: 'isReady',
      summary: 'Says whether the service takes requests, and how what it depends on is',
      answers: {
        200: { description: 'It does; a store that is down is shown as degraded.', schema: readyAnswer },
        503: { description: 'It starts or stops.', schema: readyAnswer },
      },
      problems: [],
    },
  },
  '/metrics': {
    GET: {
      id: 'getMetrics',
      summary: 'Shows the metrics, for Prometheus',
      answers: { 200: { description: 'The metrics.', texts: ['text/plain'] } },
      problems: [],
    },
  },
  '/openapi.json': { GET: documentOperation('getOpenApi', 'Shows this document') },
  '/asyncapi.json': { GET: documentOperation('getAsyncApi', 'Shows the document of the topics of Kafka') },
  '/schemas': {
    GET: {
      id: 'listSchemas',
      summary: 'Lists the schemas of events',
      answers: { 200: { description: 'All of them.', schema: schemaListAnswer, headers: ['ETag'] } },
      problems: [],
    },
  },
  '/schemas/:file': { GET: documentOperation('getSchema', 'Shows the JSON Schema of a version of an event') },
};
