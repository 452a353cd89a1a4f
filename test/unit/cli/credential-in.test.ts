import { describe, expect, it } from '@jest/globals';
import { credentialIn } from '../../../src/cli/credential-in.js';
import { ConfigError } from '../../../src/config/config.js';

const KEY = 'CERTIFICATION_CRON_API_KEY';
const TOKEN = 'CERTIFICATION_CRON_TOKEN';

describe('the credential in the environment', () => {
  it.each<[string, Record<string, string>, Record<string, string> | undefined]>([
    ['none', {}, undefined],
    ['a key', { [KEY]: 'cck_x' }, { 'X-API-Key': 'cck_x' }],
    ['a token', { [TOKEN]: 'a.b.c' }, { Authorization: 'Bearer a.b.c' }],
    ['empty is unset', { [KEY]: '', [TOKEN]: 'a.b.c' }, { Authorization: 'Bearer a.b.c' }],
    ['both are empty', { [KEY]: ' ', [TOKEN]: '' }, undefined],
    ['with the line end of its file', { [KEY]: 'cck_x\n' }, { 'X-API-Key': 'cck_x' }],
  ])('is one header: %s', (_, environment, header) => {
    expect(credentialIn(environment)).toEqual(header);
  });

  it.each([
    ['two', { [KEY]: 'secret', [TOKEN]: 'secret' }, /both set/],
    ['a line end', { [KEY]: 'cck_sec\nsecret' }, /^CERTIFICATION_CRON_API_KEY must be/],
    ['a blank', { [TOKEN]: 'cck secret' }, /^CERTIFICATION_CRON_TOKEN must be/],
    ['what is no ASCII', { [KEY]: 'secret\u00e9' }, /must be/],
  ])('is refused without a word of it: %s', (_, environment, says) => {
    const refusal = (): unknown => credentialIn(environment);
    expect(refusal).toThrow(ConfigError);
    expect(refusal).toThrow(says);
    expect(refusal).not.toThrow(/secret/);
  });
});
