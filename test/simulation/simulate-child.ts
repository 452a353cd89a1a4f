/**
 * One of the processes that share the worlds of simulate.ts: receives a world as a message, and answers with its
 * outcome.
 */
import { runSimulation } from './run-simulation.js';
import { scenarios, type Scenario } from './scenario.js';

export interface SimulatedWorld {
  seed: number;
  days: number;
  jobs: Scenario['kind'];
}

process.on('message', ({ seed, days, jobs }: SimulatedWorld) => {
  const scenario = scenarios[jobs](seed, days);
  runSimulation(scenario).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      process.stderr.write(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
