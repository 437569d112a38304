/** What a process that stands for the reactor offers. */
export interface LeadershipActivities {
  /** Is the reactor until another one is, or until it is told to stop; never returns, so that there is always a next. */
  leadReactor(): Promise<never>;
}
