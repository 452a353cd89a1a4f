import { describe, expect, it } from '@jest/globals';
import { serviceAddress } from '../../../src/cli/service-address.js';

const API = '/api/v1/certification-cron';

describe('the address of a service', () => {
  it.each([
    ['http://127.0.0.1:3000', `http://127.0.0.1:3000${API}`],
    ['http://127.0.0.1:3000/', `http://127.0.0.1:3000${API}`],
    [`http://127.0.0.1:3000${API}//`, `http://127.0.0.1:3000${API}`],
    ['https://cron.example.test/team', `https://cron.example.test/team${API}`],
  ])('may leave out the base path: %s', (given, address) => {
    expect(serviceAddress(given)).toBe(address);
  });

  it.each([
    ['localhost:3000', /http:\/\//],
    ['127.0.0.1:3000', /http:\/\//],
    ['', /http:\/\//],
    ['file:///etc/passwd', /http:\/\//],
    ['http://127.0.0.1:3000?x=1', /\?/],
    ['http://127.0.0.1:3000/#x', /#/],
    ['http://127.0.0.1:3000/#', /#/],
    ['http://me:secret@127.0.0.1:3000', /name or password/],
    ['http://secret@127.0.0.1:3000', /name or password/],
    ['http://me:secret@127.0.0.1:99999', /http:\/\//],
  ])('is refused before anything is asked, without a word of it: %s', (given, says) => {
    const refusal = (): string => serviceAddress(given);
    expect(refusal).toThrow(says);
    expect(refusal).not.toThrow(/secret/);
  });
});
