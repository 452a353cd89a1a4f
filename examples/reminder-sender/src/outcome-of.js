/** What becomes of a mail that was not accepted: tried later; never; nobody knows; or it is not about this mail. */
/** @typedef {{ kind: 'later' | 'never' | 'in doubt' | 'no server', reason: string }} Outcome */

/** Service closing; authentication wanted, failed, or only with encryption. None of them is about the mail. */
const OF_THE_SESSION = [421, 530, 534, 535, 538];
const ABOUT_THE_MAIL = ['MAIL FROM', 'RCPT TO', 'DATA'];

/**
 * What an error of nodemailer says. Before the final dot no server has accepted the message, whatever happened. After it
 * only a refusal is certain: RFC 5321 leaves the message with the client then (4.5.4). A 421 is none, since what lies
 * before a mail server says so too, when it has waited for that in vain.
 * @param {unknown} error
 * @param {boolean} isFinishing whether the dot may have been sent
 * @returns {Outcome}
 */
export function outcomeOf(error, isFinishing) {
  const { message, code, command, responseCode } =
    /** @type {{ message: string, code?: string, command?: string, responseCode?: number }} */ (error);
  const refusal = responseCode === undefined || responseCode < 400 ? undefined : responseCode;
  const isOfSession = refusal !== undefined && OF_THE_SESSION.includes(refusal);
  if (isFinishing) {
    if (refusal === undefined || isOfSession) return { kind: 'in doubt', reason: message };
    return { kind: refusal < 500 ? 'later' : 'never', reason: message };
  }
  if (refusal === undefined) {
    // nodemailer does not even ask the server: an address that is none, a message beyond the server's limit.
    const isImpossible = code === 'EENVELOPE' || code === 'EMESSAGE';
    return { kind: isImpossible ? 'never' : 'no server', reason: message };
  }
  if (isOfSession || !ABOUT_THE_MAIL.includes(command ?? '')) return { kind: 'no server', reason: message };
  return { kind: refusal < 500 ? 'later' : 'never', reason: message };
}
