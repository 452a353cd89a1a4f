import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than anything before the dot takes. Who takes longer loses the mail to another process, and sends no dot. */
const CLAIM_MS = 60_000;
const IDLE_MS = 500;
/** So often a process looks for what others have left behind. */
const LOOK_AROUND_MS = 5_000;

/**
 * Sends the mails of the journal one after the other, until `signal` aborts; the one in hand is finished.
 * @param {object} parts
 * @param {Pick<ReturnType<typeof import('./outbox.js').createOutbox>, 'claim'>} parts.outbox
 * @param {ReturnType<typeof import('./delivery.js').createDelivery>} parts.delivery
 * @param {() => void} parts.lookAround asked at the start and then every few seconds
 * @param {AbortSignal} signal
 */
export async function sendMails({ outbox, delivery, lookAround }, signal) {
  let lookAgainAt = 0;
  while (!signal.aborted) {
    if (Date.now() >= lookAgainAt) {
      lookAround();
      lookAgainAt = Date.now() + LOOK_AROUND_MS;
    }
    const mail = outbox.claim(Date.now(), CLAIM_MS);
    if (mail === undefined) delivery.hangUp();
    else await delivery.deliver(mail);
    const pauseMs = mail === undefined ? IDLE_MS : delivery.resumeAt() - Date.now();
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  delivery.hangUp();
}
