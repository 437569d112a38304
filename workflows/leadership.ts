/** The activity of a process that stands for the reactor. */
export interface LeadershipActivities {
  /** Runs the reactor until another one does, or until it is told to stop; it never returns, so that there is always a next. */
  leadReactor(): Promise<never>;
}
