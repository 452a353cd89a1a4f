/** One of the processes among which simulate.ts divides its worlds: a world comes as a message, so does its outcome. */
import { runSimulation } from './run-simulation.js';
import { daysScenario, minutesScenario, type Scenario } from './scenario.js';

export interface SimulatedWorld {
  seed: number;
  days: number;
  jobs: Scenario['kind'];
}

process.on('message', ({ seed, days, jobs }: SimulatedWorld) => {
  const scenario = (jobs === 'minutes' ? minutesScenario : daysScenario)(seed, days);
  runSimulation(scenario).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      process.stderr.write(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
