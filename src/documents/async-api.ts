import { topics } from '../messaging/topics.js';
import type { Topic } from '../ports/message-bus.js';
import type { Channel, Message, Operation } from './channel.js';
import { channels } from './channels.js';
import { deadLetterHeadersSchema, eventHeadersSchema } from './event-headers.js';
import { jsonSchemaOf, type JsonSchema } from './json-schema.js';
import { nameOf, promiseOf, publishedSchemas } from './schema-documents.js';
import type { Steps } from './steps.js';

export interface AsyncApiOptions {
  /** Of the service. */
  version: string;
  /** Stands before the names of all topics and groups. */
  topicPrefix: string;
}

const BINDING_VERSION = '0.5.0';

/** The document of all topics, in AsyncAPI 3.0: what is written to them, what is read from them, and how they are made. */
export function* asyncApiDocument({ version, topicPrefix }: AsyncApiOptions): Steps<object> {
  const schemas: Record<string, JsonSchema> = {
    EventHeaders: jsonSchemaOf(eventHeadersSchema, 'draft-7'),
    DeadLetterHeaders: jsonSchemaOf(deadLetterHeadersSchema, 'draft-7'),
  };
  for (const one of publishedSchemas) {
    yield;
    schemas[nameOf(one)] = promiseOf(one, 'draft-7');
  }
  yield;
  const named = Object.entries(channels);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'certification-cron',
      version,
      description:
        'The topics of certification-cron, as it publishes to them and consumes them. The data of each type and version ' +
        'of event, and each version of a job as it is, is also a JSON Schema by itself, at /schemas, named by the header ' +
        'ce_dataschema.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(named.map(([name, channel]) => [name, channelOf(channel, topicPrefix)])),
    operations: Object.fromEntries(
      named.flatMap(([name, { operations }]) =>
        Object.entries(operations).map(([id, operation]) => [id, operationOf(name, operation, topicPrefix)]),
      ),
    ),
    components: { schemas },
  };
}

function channelOf({ topic, title, description, key, messages }: Channel, prefix: string): object {
  return {
    address: prefix + topic,
    title,
    description: `${description} Key: ${key}.`,
    messages: Object.fromEntries(
      Object.entries(messages).map(([name, message]) => [name, messageOf(message, key)]),
    ),
    bindings: { kafka: { topic: prefix + topic, ...topicBinding(topic), bindingVersion: BINDING_VERSION } },
  };
}

function messageOf(message: Message, key: string): object {
  const ofKafka = { key: { type: 'string', description: key }, bindingVersion: BINDING_VERSION };
  return { ...message, bindings: { kafka: ofKafka } };
}

function operationOf(channel: string, { action, summary, group }: Operation, prefix: string): object {
  const groupId = { type: 'string', const: prefix + String(group) };
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    ...(group !== undefined && { bindings: { kafka: { groupId, bindingVersion: BINDING_VERSION } } }),
  };
}

/** How the service creates it. @throws Error for a topic that messaging does not have */
function topicBinding(name: string): object {
  const topic = topics.find((one) => one.name === name);
  if (topic === undefined) throw new Error(`${name} is none of the topics`);
  return { partitions: topic.partitions, topicConfiguration: configurationOf(topic.settings) };
}

function configurationOf(settings: Topic['settings']): object {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      name === 'cleanup.policy' ? value.split(',') : Number(value),
    ]),
  );
}
