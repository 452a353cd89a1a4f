import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * From now on a connection of kafkajs sets no timer while no request waits. It would set one for the end of a throttling
 * that never was, at a time before 1970, and again whenever it fires: each idle connection wakes the process every
 * millisecond, and from Node.js 24 on the first time is worth a TimeoutNegativeWarning. A request that comes to wait sets
 * its own timer.
 */
export function restIdleQueues(): void {
  const { prototype } = RequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
