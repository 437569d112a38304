/** The part of `process` that tells whether the starter lives. */
interface Lifeline {
  readonly connected?: boolean;
  once(event: 'disconnect', listener: () => void): unknown;
}

/**
 * Calls `ended` when the process that started this one through an IPC channel is gone, however it died.
 * Does nothing for a process that was started without a channel.
 */
export function onStarterGone(self: Lifeline, ended: () => void): void {
  if (self.connected === true) self.once('disconnect', ended);
}
