import { startInstance, type Instance, type Machine } from './instance.js';
import type { World } from './world.js';

/** The machines and what befalls them. */
export interface Cluster {
  /** Starts an instance on each machine. */
  start(): void;
  /** One that is up, if any is. */
  someInstance(): Instance | undefined;
  /** The one on this machine, if it is up. */
  instanceOn(machine: Machine): Instance | undefined;
  /** `listener` is called whenever a machine's clock has been changed. */
  onClockChange(listener: (machine: Machine) => void): void;
  /** Until the world heals: kills, restarts, outages of all, a registry that hangs, clocks that step. */
  torment(): void;
  /** All clocks are right, all processes are new. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

const HANGS_AT_MOST_MS = 3_600_000;
const SMALL_STEP_MS = 299_000;

export function createCluster(world: World): Cluster {
  const { time, dice, scenario } = world;
  const machines: Machine[] = Array.from({ length: scenario.instances }, (_, index) => ({
    name: `instance-${index + 1}`,
    offset: Math.round((dice.random() - 0.5) * 400),
  }));
  const running = new Map<Machine, Instance>();
  const clockListeners: ((machine: Machine) => void)[] = [];
  let incarnations = 0;

  function boot(machine: Machine): void {
    // Without two others whose clocks are right, a start cannot know that its own is not.
    if (scenario.kind !== 'clocks' && Math.abs(machine.offset) > SMALL_STEP_MS) setClock(machine, 0);
    const instance = startInstance(world, machine, ++incarnations);
    running.set(machine, instance);
    world.story.tell(time.now(), instance.name, 'starts');
    instance.start().then(() => {
      if (!instance.lifeline.alive()) later(1_000, () => bootIfDown(machine, instance));
    }, world.broken);
  }

  function bootIfDown(machine: Machine, was: Instance | undefined): void {
    if (running.get(machine) === was) boot(machine);
  }

  function later(ms: number, act: () => void): void {
    time.sleep(ms).then(act).catch(world.broken);
  }

  /** Again and again, until the world heals. */
  function every(meanMs: number, act: () => void): void {
    later(dice.waitingTime(meanMs), () => {
      if (!world.faulty) return;
      act();
      every(meanMs, act);
    });
  }

  /** Whether a further fault would leave no two sound instances. */
  function isEnough(): boolean {
    const isWrong = ({ offset }: Machine): boolean => Math.abs(offset) > 1_000;
    return scenario.kind === 'clocks' && (running.size < machines.length || machines.some(isWrong));
  }

  function kill(machine: Machine, downtime: number): void {
    const instance = running.get(machine);
    running.delete(machine);
    if (instance !== undefined) {
      const gently = dice.chance(0.3);
      world.fault(gently ? 'terminated' : 'killed', instance.name, `down for ${downtime} ms`);
      if (gently) instance.stop().catch(world.broken);
      else instance.lifeline.kill();
    }
    later(downtime, () => {
      if (world.faulty) bootIfDown(machine, undefined);
    });
  }

  function stopFor(machine: Machine, ms: number): void {
    const instance = running.get(machine);
    if (instance?.lifeline.alive() !== true) return;
    world.fault(
      ms > scenario.lease ? 'stopped for longer than the lease' : 'stopped',
      instance.name,
      `${ms} ms`,
    );
    instance.lifeline.stopFor(ms);
  }

  function step(machine: Machine): void {
    // Small steps are followed at once, and leave events that are a little ahead.
    const longest = dice.chance(0.4) ? SMALL_STEP_MS : scenario.longest.clockStep;
    const ms = dice.duration(500, longest) * (dice.chance(0.5) ? 1 : -1);
    world.fault(ms > 0 ? 'clock steps on' : 'clock steps back', machine.name, `${ms} ms`);
    setClock(machine, machine.offset + ms);
    // The time service sets it right again, soon or late.
    const wrongFor = dice.chance(0.5)
      ? dice.duration(1_000, 50_000)
      : dice.duration(50_000, 4 * scenario.longest.clockStep);
    later(wrongFor, () => {
      if (machine.offset === 0) return;
      world.fault('clock set right', machine.name, `${-machine.offset} ms`);
      setClock(machine, 0);
    });
  }

  function setClock(machine: Machine, offset: number): void {
    machine.offset = offset;
    for (const listener of clockListeners) listener(machine);
  }

  return {
    start: () => {
      machines.forEach(boot);
    },
    someInstance() {
      const up = [...running.values()].filter(({ lifeline }) => lifeline.alive());
      return up.length === 0 ? undefined : dice.oneOf(up);
    },
    instanceOn(machine) {
      const instance = running.get(machine);
      return instance?.lifeline.alive() === true ? instance : undefined;
    },
    onClockChange: (listener) => {
      clockListeners.push(listener);
    },
    torment() {
      const { crashes, stops, outages, clockSteps, hangs } = scenario.between;
      every(crashes, () => {
        const machine = dice.oneOf(machines);
        // The one with the wrong clock may die as well.
        if (!isEnough() || (running.size === machines.length && Math.abs(machine.offset) > 1_000))
          kill(machine, dice.duration(100, scenario.longest.downtime));
      });
      every(stops, () => {
        stopFor(dice.oneOf(machines), dice.duration(1_000, scenario.longest.stop));
      });
      // The operator notices a hung process.
      every(HANGS_AT_MOST_MS, () => {
        for (const [machine, { lifeline, name }] of running) {
          if (lifeline.alive()) continue;
          world.story.tell(time.now(), name, 'is found dead');
          running.delete(machine);
          boot(machine);
        }
      });
      every(outages, () => {
        const downtime = dice.duration(60_000, scenario.longest.downtime);
        world.fault('all are down', 'everybody', `${downtime} ms`);
        for (const machine of machines) kill(machine, downtime);
      });
      every(hangs, () => {
        const ms = dice.duration(1_000, scenario.longest.hang);
        world.fault('registry hangs', 'registry', `${ms} ms`);
        world.registryHangsUntil = Math.max(world.registryHangsUntil, time.now() + ms);
      });
      every(clockSteps, () => {
        if (!isEnough()) step(dice.oneOf(machines));
      });
    },
    async heal() {
      for (const machine of machines) {
        running.get(machine)?.lifeline.kill();
        running.delete(machine);
        machine.offset = 0;
      }
      await time.sleep(60_000);
      machines.forEach(boot);
    },
    async stop() {
      await Promise.all([...running.values()].map((instance) => instance.stop()));
    },
  };
}
