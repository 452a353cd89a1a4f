import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ConfigError, loadConfig } from '../../../src/config/config.js';

const load = (CORS_ORIGINS: string): readonly string[] => loadConfig({ CORS_ORIGINS }).corsOrigins;

describe('origins of pages', () => {
  it.each<[string, string[]]>([
    ['https://app.example.com', ['https://app.example.com']],
    [
      ' http://localhost:5173 , https://app.example.com:8443 ',
      ['http://localhost:5173', 'https://app.example.com:8443'],
    ],
    ['http://10.0.0.7,http://[::1]:3000', ['http://10.0.0.7', 'http://[::1]:3000']],
    ['https://xn--bcher-kva.example', ['https://xn--bcher-kva.example']],
    ['https://a.example,https://a.example', ['https://a.example']],
    ['', []],
  ])('are taken as browsers send them: %s', (text, origins) => {
    expect(load(text)).toEqual(origins);
  });

  it.each([
    ['*', 'there is no *'],
    ['https://*.example.com', 'there is no *'],
    ['https://app.example.com,*', 'there is no *: number 2 of 2'],
    ['https://app.example.com/', 'write https://app.example.com'],
    ['https://app.example.com/path', 'write https://app.example.com'],
    ['https://app.example.com?a', 'write https://app.example.com'],
    ['https://app.example.com:443', 'write https://app.example.com'],
    ['http://app.example.com:80', 'write http://app.example.com'],
    ['https://App.example.com', 'write https://app.example.com'],
    ['HTTPS://app.example.com', 'write https://app.example.com'],
    ['https://bücher.example', 'write https://xn--bcher-kva.example'],
    ['http://[0:0::1]:3000', 'write http://[::1]:3000'],
    ['http://127.1', 'write http://127.0.0.1'],
    ['app.example.com', 'must be origins of web pages'],
    ['localhost:5173', 'must be origins of web pages'],
    ['null', 'must be origins of web pages'],
    ['file://', 'must be origins of web pages'],
    ['chrome-extension://abcdef', 'must be origins of web pages'],
    ['ftp://app.example.com', 'must be origins of web pages'],
    ['https://app.example.com,,http://localhost', 'must be origins of web pages'],
    ['https://app.example.com;http://localhost', 'must be origins of web pages'],
    ['https://', 'must be origins of web pages'],
    ['https://app.example.com:99999', 'must be origins of web pages'],
  ])('are refused, and it is said what is allowed: %s', (text, says) => {
    expect(() => load(text)).toThrow(ConfigError);
    expect(() => load(text)).toThrow(`CORS_ORIGINS must`);
    expect(() => load(text)).toThrow(says);
  });

  it('never let a password be repeated', () => {
    expect(() => load('https://user:Can4ryWord@app.example.com')).toThrow(/^(?!.*Can4ryWord)/s);
    expect(() => load('https://user:Can4ryWord@app.example.com')).toThrow('write https://app.example.com');
  });

  it('that a browser may send are all taken, and nothing else is kept', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), fc.string(), (url, noise) => {
        const { origin } = new URL(url);
        expect(load(origin)).toEqual([origin]);
        let taken: readonly string[] = [];
        try {
          taken = load(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
        for (const one of taken) expect(new URL(one).origin).toBe(one);
      }),
    );
  });
});
