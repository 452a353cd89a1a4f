import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../../../examples/reminder-sender/src/outcome-of.js';

const error = (fields: object): Error => Object.assign(new Error('why'), fields);

describe('what an error of the mail server says', () => {
  it.each([
    ['nobody answers', { code: 'ESOCKET', command: 'CONN' }, 'no server', 'in doubt'],
    ['it is silent', { code: 'ETIMEDOUT', command: 'CONN' }, 'no server', 'in doubt'],
    ['it hangs up', { code: 'ECONNECTION', command: 'CONN' }, 'no server', 'in doubt'],
    [
      'the login is wrong',
      { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 },
      'no server',
      'in doubt',
    ],
    [
      'it wants a login',
      { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 530 },
      'no server',
      'in doubt',
    ],
    ['it closes', { code: 'EMESSAGE', command: 'DATA', responseCode: 421 }, 'no server', 'in doubt'],
    ['it has no room now', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 452 }, 'later', 'later'],
    [
      'it does not know who that is',
      { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 },
      'never',
      'never',
    ],
    ['it takes that for spam', { code: 'EMESSAGE', command: 'DATA', responseCode: 554 }, 'never', 'never'],
    [
      'it is not asked, as the mail is too large',
      { code: 'EMESSAGE', command: 'MAIL FROM' },
      'never',
      'in doubt',
    ],
  ])('before the dot and after it: %s', (_, fields, before, after) => {
    expect(outcomeOf(error(fields), false)).toEqual({ kind: before, reason: 'why' });
    expect(outcomeOf(error(fields), true)).toEqual({ kind: after, reason: 'why' });
  });
});
