const EVERY = 100_000;

/** @returns a function that takes the number of events so far, and says it now and then on standard error */
export function tellProgress(
  print: (text: string) => void = (text) => process.stderr.write(text),
): (events: number) => void {
  let told = 0;
  return (events) => {
    if (events - told < EVERY) return;
    told = events;
    print(`${events} events\n`);
  };
}
