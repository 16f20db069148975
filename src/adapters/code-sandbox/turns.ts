import { CodeError } from '#modules/flows/ports.ts';

interface Waiting { start(): void; fail(error: unknown): void }

const WAITING_MAX = 1000;

/** Who may run now: so many at once, so many of one tenant; those who wait come in turn by tenant, so that a crowd of one delays no other. */
export class Turns {
  readonly #max: number;
  readonly #perTenantMax: number;
  readonly #running = new Map<string, number>();
  /** By tenant, whose turn comes next first. */
  readonly #waiting = new Map<string, Waiting[]>();
  #total = 0;
  #waitingTotal = 0;
  #closed: CodeError | null = null;

  constructor(max: number, perTenantMax: number) {
    this.#max = max;
    this.#perTenantMax = perTenantMax;
  }

  /** Resolves when it is the caller's turn, with what ends it. Throws the signal's reason, or `code-unavailable` when too many wait. */
  async take(tenant: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#closed) throw this.#closed;
    if (!this.#mayRun(tenant)) await this.#wait(tenant, signal);
    else this.#enter(tenant);
    return () => {
      this.#leave(tenant);
      this.#next();
    };
  }

  /** Everybody who waits fails, and everybody who comes. */
  close(error: CodeError): void {
    this.#closed = error;
    for (const queue of this.#waiting.values()) for (const one of queue) one.fail(error);
    this.#waiting.clear();
  }

  #wait(tenant: string, signal: AbortSignal): Promise<void> {
    if (this.#waitingTotal >= WAITING_MAX) throw new CodeError('code-unavailable', 'Too many code steps wait for their turn. Try again in a moment.');
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener('abort', onAbort);
        this.#waitingTotal--;
      };
      const one: Waiting = {
        start: () => { leave(); resolve(); },
        fail: (error) => { leave(); reject(error); },
      };
      const onAbort = (): void => {
        this.#drop(tenant, one);
        one.fail(signal.reason);
      };
      this.#waitingTotal++;
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(tenant, [...this.#waiting.get(tenant) ?? [], one]);
    });
  }

  #next(): void {
    for (const [tenant, [first, ...rest]] of this.#waiting) {
      if (!first || !this.#mayRun(tenant)) continue;
      // To the end of the line of tenants.
      this.#waiting.delete(tenant);
      if (rest.length > 0) this.#waiting.set(tenant, rest);
      this.#enter(tenant);
      first.start();
      return;
    }
  }

  #drop(tenant: string, one: Waiting): void {
    const rest = (this.#waiting.get(tenant) ?? []).filter((other) => other !== one);
    if (rest.length > 0) this.#waiting.set(tenant, rest);
    else this.#waiting.delete(tenant);
  }

  #mayRun(tenant: string): boolean {
    return this.#total < this.#max && (this.#running.get(tenant) ?? 0) < this.#perTenantMax;
  }

  #enter(tenant: string): void {
    this.#total++;
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1);
  }

  #leave(tenant: string): void {
    this.#total--;
    const left = (this.#running.get(tenant) ?? 1) - 1;
    if (left > 0) this.#running.set(tenant, left);
    else this.#running.delete(tenant);
  }
}
