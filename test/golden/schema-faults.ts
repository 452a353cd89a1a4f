import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { TextOrBytes } from '../../src/ports/message-bus.js';
import { documentsInRepository, schemasOf } from './documents.js';

// As a reader has them: the files, by a validator that knows nothing of this service.
const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
addFormats.default(ajv);
for (const schema of schemasOf(documentsInRepository()).values()) ajv.addSchema(schema as object);

/** What is wrong with data by the published schema of a name. */
export function faultsOf(urn: string, data: unknown): string[] {
  const validate: ValidateFunction | undefined = ajv.getSchema(urn);
  if (validate === undefined) throw new Error(`there is no schema ${urn}`);
  return validate(data) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error));
}

export interface PublishedMessage {
  headers: Readonly<Record<string, TextOrBytes>>;
  value: TextOrBytes | null;
}

/** What is wrong with a message of a topic by the schema that it names. All name one but tombstones and those that were cut. */
export function faultsOfMessage({ headers, value }: PublishedMessage): string[] {
  const { ce_dataschema: urn, ce_truncated } = headers;
  if (value === null || ce_truncated !== undefined)
    return urn === undefined ? [] : [`names ${String(urn)}, and is not whole`];
  if (urn === undefined) return ['names no schema'];
  return faultsOf(String(urn), JSON.parse(Buffer.from(value).toString()));
}
