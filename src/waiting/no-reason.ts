/** Reason of an abort that nobody asks for. Without one Node makes a DOMException each time, with its stack. */
export const NO_REASON = null;
