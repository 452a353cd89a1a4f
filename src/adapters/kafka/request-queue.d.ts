/** Of kafkajs, which has no types for its inner parts. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    constructor(options: object);
    /** Requests that wait until they may be sent. */
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
    checkPendingRequests: () => void;
    destroy: () => void;
  }
}
