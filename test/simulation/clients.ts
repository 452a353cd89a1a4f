import type { JobCommand } from '../../src/job/job-command.js';
import { DomainError } from '../../src/job/domain-error.js';
import { ScheduleError } from '../../src/schedule/schedule-error.js';
import type { Cluster } from './cluster.js';
import type { ClientRequest } from './history.js';
import { createRegrets } from './regrets.js';
import { someConfig, someRules } from './scenario.js';
import type { World } from './world.js';

/** Dice rolls that select these requests. */
const [CHANGE_SCHEDULE, PAUSE] = [0.6, 0.7];

/** Triggers at once, more than a job may have open. */
const FLOOD = 120;

const update = (changes: object): JobCommand => ({ type: 'UpdateCronJob', changes, reason: null });

/** Creates the first jobs, and keeps on changing, triggering, deleting and making them, until the world heals. */
export function startClients(world: World, cluster: Cluster): void {
  const { dice, time, scenario, history } = world;
  const jobs: string[] = [];
  /** One job that comes due often; a new one follows when it has been deleted. */
  let busy: string | undefined;
  /** Several jobs come due together, so that their decisions share an append. */
  const shared = someConfig(dice, scenario);
  const regrets = createRegrets(world);

  async function send(
    cronId: string,
    kind: ClientRequest['kind'],
    command: JobCommand,
    instance = cluster.someInstance(),
  ): Promise<void> {
    if (instance === undefined) return;
    const correlation_id = dice.uuid();
    const request: ClientRequest = {
      correlation_id,
      cronId,
      kind,
      changes: command.type === 'UpdateCronJob' ? command.changes : {},
      answer: 'unknown',
      eventIds: [],
    };
    history.requests.push(request);
    world.story.tell(time.now(), 'client', `${kind} by ${instance.name}: ${JSON.stringify(command)}`, cronId);
    const cause = { actor: 'client', correlation_id, causation_id: null };
    try {
      const { events } = await instance.core.commands.handleAndProject({ cronId, command, cause });
      request.answer = 'acknowledged';
      request.eventIds = events.map(({ id }) => id);
    } catch (error) {
      if (error instanceof DomainError || error instanceof ScheduleError) {
        // Contention may come after an attempt whose outcome is not known.
        if (error.code !== 'write_contention') request.answer = 'refused';
        world.meet(`refused: ${error.code}`);
      }
    }
  }

  /** Retries the delete of a job until it is gone. */
  async function remove(cronId: string): Promise<void> {
    do {
      await Promise.race([
        send(cronId, 'delete', { type: 'DeleteCronJob', reason: null }),
        time.sleep(scenario.busy.life / 10),
      ]);
      await time.sleep(60_000);
    } while (world.faulty && cluster.someInstance()?.core.fold.get(cronId)?.job.deleted !== true);
  }

  /** Deletes a job, and mostly wants it back, as it was or as it once was, until it is deleted at last. */
  async function removeAndRegret(cronId: string): Promise<void> {
    await remove(cronId);
    while (world.faulty && dice.chance(0.8)) {
      await time.sleep(dice.waitingTime(scenario.busy.pause / 4));
      // Two clients have the same idea.
      const restore = await regrets.restore(cronId);
      const both =
        restore === undefined ? [] : [send(cronId, 'restore', restore), send(cronId, 'restore', restore)];
      await Promise.race([Promise.all(both), time.sleep(scenario.busy.life / 10)]);
      await time.sleep(dice.waitingTime(scenario.busy.life / 8));
      const revert = await regrets.revert(cronId);
      if (revert !== undefined)
        await Promise.race([send(cronId, 'revert', revert), time.sleep(scenario.busy.life / 10)]);
      await time.sleep(dice.waitingTime(scenario.busy.life / 8));
      await remove(cronId);
    }
  }
  const end = scenario.kind === 'restores' ? removeAndRegret : remove;

  function create(expressions: readonly string[]): string {
    const cronId = `cron-${jobs.length + 1}`;
    jobs.push(cronId);
    const own = { ...someConfig(dice, { ...scenario, expressions }), ...someRules(dice), enabled: true };
    const { cron_expression, time_zone } = shared;
    const together = expressions === scenario.expressions && dice.chance(0.6);
    const config = together ? { ...own, cron_expression, time_zone } : own;
    // A create that is lost would leave an idle world: clients try again.
    const attempt = async (): Promise<void> => {
      await send(cronId, 'create', { type: 'ScheduleCronJob', config });
      const known = cluster.someInstance()?.core.fold.get(cronId) !== undefined;
      if (!known && world.faulty) time.sleep(60_000).then(attempt).catch(world.broken);
    };
    attempt().catch(world.broken);
    return cronId;
  }

  function someLivingJob(): string {
    const fold = cluster.someInstance()?.core.fold;
    const living = jobs.filter((cronId) => fold?.get(cronId)?.job.deleted === false);
    return dice.oneOf(living.length === 0 ? jobs : living);
  }

  /** One whose runs may overlap, if there is any. */
  function someJobThatAllows(): string {
    const fold = cluster.someInstance()?.core.fold;
    const allowing = jobs.filter((cronId) => {
      const job = fold?.get(cronId)?.job;
      return job?.deleted === false && job.config.concurrency_policy === 'allow';
    });
    return allowing.length === 0 ? someLivingJob() : dice.oneOf(allowing);
  }

  function someRequest(): Promise<unknown> {
    if (dice.chance(0.05)) return dice.chance(0.4) ? flood(someJobThatAllows()) : crowd(someLivingJob());
    return ask(dice.chance(0.1) ? dice.oneOf(jobs) : someLivingJob(), dice.random());
  }

  /** @param roll which kind; from 0 to 1 */
  function ask(cronId: string, roll: number): Promise<void> {
    const { cron_expression, time_zone } = someConfig(dice, scenario);
    if (roll < 0.06) return cancel(cronId);
    if (roll < 0.2) return trigger(cronId);
    if (roll < 0.25) return send(cronId, 'dry run', { type: 'TriggerRun', dry_run: true });
    if (roll < 0.35) return send(cronId, 'update', update(someRules(dice)));
    if (roll < 0.45) return send(cronId, 'update', update({ description: `note ${dice.random()}` }));
    if (roll < 0.55) return send(cronId, 'update', update(scenario.policies(dice)));
    if (roll < 0.65) return send(cronId, 'update', update({ cron_expression, time_zone }));
    if (roll < 0.8) return pause(cronId);
    return send(cronId, 'enable', update({ enabled: true }));
  }

  function trigger(cronId: string): Promise<void> {
    const confirm_reminders = dice.oneOf([null, null, 3, 100]);
    const sent = send(cronId, 'trigger', { type: 'TriggerRun', dry_run: false, confirm_reminders });
    if (dice.chance(0.2))
      time
        .sleep(dice.duration(10, 60_000))
        .then(() => cancel(cronId))
        .catch(world.broken);
    return sent;
  }

  /** A run that is under way, of any job, if there is one; else one that has ended. */
  async function cancel(cronId: string): Promise<void> {
    const fold = cluster.someInstance()?.core.fold;
    const open = jobs.flatMap(
      (job) => fold?.get(job)?.job.open_runs.map(({ run_id }) => ({ job, run_id })) ?? [],
    );
    const ended = history.checks.filter((check) => check.cron_id === cronId).at(-1);
    const run = open.length > 0 ? dice.oneOf(open) : ended && { job: cronId, run_id: ended.run_id };
    if (run !== undefined)
      await send(run.job, 'cancel', { type: 'CancelRun', run_id: run.run_id, reason: 'simulated' });
  }

  /** Many clients of one job at once, most of them at the same instance. */
  function crowd(cronId: string): Promise<unknown> {
    const instance = cluster.someInstance();
    const one = (): Promise<void> => {
      const at = dice.chance(0.8) ? instance : cluster.someInstance();
      return dice.chance(0.5)
        ? send(cronId, 'trigger', { type: 'TriggerRun', dry_run: false }, at)
        : send(cronId, 'update', update({ description: `note ${dice.random()}` }), at);
    };
    return Promise.all(Array.from({ length: dice.duration(2, 12) }, one));
  }

  /** A client that triggers without end, more than may be open: where nothing forbids it, and while none ends. */
  function flood(cronId: string): Promise<unknown> {
    const instance = cluster.someInstance();
    const command = { type: 'TriggerRun', dry_run: dice.chance(0.3) } as const;
    const kind = command.dry_run ? 'dry run' : 'trigger';
    return Promise.all(Array.from({ length: FLOOD }, () => send(cronId, kind, command, instance)));
  }

  async function pause(cronId: string): Promise<void> {
    const enabled = (value: boolean): JobCommand => ({
      type: 'UpdateCronJob',
      changes: { enabled: value },
      reason: 'simulated',
    });
    await send(cronId, 'disable', enabled(false));
    await time.sleep(dice.waitingTime(scenario.between.requests / 2));
    await send(cronId, 'enable', enabled(true));
  }

  function keepBusy(): void {
    if (!world.faulty) return;
    const cronId = create(scenario.busyExpressions);
    busy = cronId;
    time
      .sleep(dice.waitingTime(scenario.busy.life))
      .then(() => end(cronId))
      .then(() => time.sleep(dice.waitingTime(scenario.busy.pause)))
      .then(keepBusy)
      .catch(world.broken);
  }

  function keepAsking(): void {
    time
      .sleep(dice.waitingTime(scenario.between.requests))
      .then(() => {
        if (!world.faulty) return;
        keepAsking();
        return someRequest();
      })
      .catch(world.broken);
  }

  // A clock that is ahead leaves an event in the future; the next request for that job uses a correct clock.
  cluster.onClockChange((machine) => {
    const cronId = someLivingJob();
    const later = (): Promise<void> => time.sleep(dice.duration(500, 25_000));
    later()
      .then(() =>
        send(cronId, 'trigger', { type: 'TriggerRun', dry_run: false }, cluster.instanceOn(machine)),
      )
      .then(later)
      .then(() => {
        if (cronId === busy && dice.chance(0.2)) return remove(cronId);
        return ask(cronId, dice.oneOf([CHANGE_SCHEDULE, PAUSE]));
      })
      .catch(world.broken);
  });
  keepBusy();
  for (let made = 1; made < scenario.jobs; made++) create(scenario.expressions);
  keepAsking();
}
