import {
  type AllStreamSubscription,
  type END,
  type EventStoreDBClient,
  type Position,
  type START,
  eventTypeFilter,
  streamNameFilter,
} from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';

/** What a subscription told, in order: an event by stream and revision, a checkpoint by its position. */
export interface Told {
  said: string[];
  checkpoints: Position[];
  errors: unknown[];
  subscription: AllStreamSubscription;
}

export type Filtered = { prefixes: string[] } | { regex: string };

export function subscribe(
  client: EventStoreDBClient,
  fromPosition: Position | typeof START | typeof END,
  filter?: Filtered & { maxSearchWindow?: number; checkpointInterval?: number; byType?: boolean },
): Told {
  const [said, checkpoints, errors]: [string[], Position[], unknown[]] = [[], [], []];
  const checkpointReached = (_: unknown, position: Position): void => {
    checkpoints.push(position);
    said.push('checkpoint');
  };
  const make = filter?.byType === true ? eventTypeFilter : streamNameFilter;
  const subscription = client.subscribeToAll({
    fromPosition,
    ...(filter === undefined ? {} : { filter: make({ ...filter, checkpointReached } as never) }),
  });
  subscription
    .on('data', ({ event: found }) => said.push(`${String(found?.streamId)}@${String(found?.revision)}`))
    .on('confirmation', () => said.push('confirmed'))
    .on('caughtUp', () => said.push('caught up'))
    .on('end', () => said.push('end'))
    .on('error', (error) => errors.push(error));
  return { said, checkpoints, errors, subscription };
}

export const said = (told: Told, what: string): Promise<true> =>
  eventually(`the subscription says ${what}`, () => told.said.includes(what));
