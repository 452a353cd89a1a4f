import { type StatusObject, status } from '@grpc/grpc-js';
import { type Endpoint, consumerTooSlow, dropped } from './rpc-errors.js';

/** `write_then_...` writes the events first, so that the outcome is unknown to the client but good. */
export type AppendFault =
  'hang' | 'not_ready' | 'time_out' | 'write_then_hang' | 'write_then_not_ready' | 'write_then_time_out';

export type ReadFault = 'hang' | 'not_ready';

/** A subscription as faults see it. */
export interface Breakable {
  /** With OK, as a server does that shuts down. */
  end(): void;
  fail(error: StatusObject): void;
  /** Whether it has told all that was there, and now tells what is appended. */
  isLive(): boolean;
  freeze(): void;
  thaw(): void;
}

/** What a test may do to a server. */
export interface Faults {
  /** The next `times` appends, from any client; after those set before. */
  onAppends(fault: AppendFault, times?: number): void;
  /** The next `times` reads with a count; subscriptions are not reads. */
  onReads(fault: ReadFault, times?: number): void;
  delayReads(milliseconds: number): void;
  /** Appends are written but neither shown nor answered; a repeat of one is dropped without an answer. */
  stallReplication(): void;
  resumeReplication(): void;
  endSubscriptions(): void;
  cutSubscriptions(code?: status): void;
  /** Ends the live ones, as the server does when their readers lag behind. */
  tooSlow(): void;
  /** Those open now send nothing more; their calls stay open. New ones are not affected. */
  freezeSubscriptions(): void;
  thawSubscriptions(): void;
  /** New subscriptions are accepted and never answered, not even confirmed. */
  ignoreNewSubscriptions(ignored: boolean): void;
  /** Calls that require a leader are sent there; undefined: this is the leader again. */
  follow(leader: Endpoint | undefined): void;
}

export interface FaultState {
  appends: AppendFault[];
  reads: ReadFault[];
  readDelayMs: number;
  newSubscriptionsIgnored: boolean;
  leader: Endpoint | undefined;
}

export const noFaults = (): FaultState => ({
  appends: [],
  reads: [],
  readDelayMs: 0,
  newSubscriptionsIgnored: false,
  leader: undefined,
});

export function createFaults(
  state: FaultState,
  replication: { stall(): void; resume(): void },
  subscriptions: ReadonlySet<Breakable>,
): Faults {
  const each = (act: (subscription: Breakable) => void): void => [...subscriptions].forEach(act);
  return {
    onAppends: (fault, times = 1) => state.appends.push(...Array<AppendFault>(times).fill(fault)),
    onReads: (fault, times = 1) => state.reads.push(...Array<ReadFault>(times).fill(fault)),
    delayReads: (milliseconds) => (state.readDelayMs = milliseconds),
    stallReplication: () => replication.stall(),
    resumeReplication: () => replication.resume(),
    endSubscriptions: () => each((subscription) => subscription.end()),
    cutSubscriptions: (code = status.UNAVAILABLE) => each((subscription) => subscription.fail(dropped(code))),
    tooSlow: () =>
      each((subscription) => {
        if (subscription.isLive()) subscription.fail(consumerTooSlow());
      }),
    freezeSubscriptions: () => each((subscription) => subscription.freeze()),
    thawSubscriptions: () => each((subscription) => subscription.thaw()),
    ignoreNewSubscriptions: (ignored) => (state.newSubscriptionsIgnored = ignored),
    follow: (leader) => (state.leader = leader),
  };
}
