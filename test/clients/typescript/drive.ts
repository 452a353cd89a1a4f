import { calls } from './calls.js';

/** Calls each operation of the service at ADDRESS, with KEY. Prints what went wrong; ends with 1 if anything did. */
for (const [operation, call] of Object.entries(calls)) {
  try {
    await call();
  } catch (error) {
    process.exitCode = 1;
    console.error(`${operation}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
