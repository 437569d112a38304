import { rmSync } from 'node:fs';

/** Takes away what was begun when somebody ends the command, because it may hold the root key. */
export class Interruption {
  #folder: string | undefined;
  readonly #onInt = (): void => this.#end(130);
  readonly #onTerm = (): void => this.#end(143);
  constructor() {
    process.once('SIGINT', this.#onInt);
    process.once('SIGTERM', this.#onTerm);
  }
  remove(folder: string): void {
    this.#folder = folder;
  }
  over(): void {
    process.off('SIGINT', this.#onInt);
    process.off('SIGTERM', this.#onTerm);
  }
  #end(code: number): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    process.exit(code);
  }
}
