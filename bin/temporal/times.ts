/** A wait that doubles with each failure in a row, up to a longest one. */
export interface Pauses {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** The times by which a process keeps its way to Temporal; `bin/wiring/policy.ts` has the product's. */
export interface TemporalTimes {
  /** How long a start waits for the server's first answer. */
  readonly connectMs: number;
  /** How often the server is asked whether it answers. */
  readonly watchEveryMs: number;
  /** How long our own server may take to end in order, before it is killed. */
  readonly serverStopMs: number;
  /** Before our own server, which ended unasked, is started again. */
  readonly server: Pauses;
  /** Before a worker that broke is made again. */
  readonly worker: Pauses;
  readonly leader: LeaderTimes;
}

export interface LeaderTimes {
  /** How often who leads says that it lives. By default only every few beats would reach the server. */
  readonly beatMs: number;
  /** How often the leadership's workflow is asked for, should somebody have ended it. */
  readonly askEveryMs: number;
}
