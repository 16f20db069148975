/**
 * Text in the making that any number of readers read from its beginning, each at its own speed. The writer never
 * waits; whoever writes bounds the size.
 */
export class SharedText implements AsyncIterable<string> {
  readonly #pieces: string[] = [];
  #ended = false;
  #error: Error | null = null;
  #waiting: (() => void)[] = [];
  readonly #followers: Follower[] = [];

  push(piece: string): void {
    if (this.#ended || piece === '') return;
    this.#pieces.push(piece);
    for (const follower of this.#followers) follower.piece(piece);
    this.#wake();
  }

  /**
   * Hands every piece on without delay, beginning with those already there. `end` is called at a good end only: after
   * a failure nobody should go on.
   */
  follow(follower: Follower): void {
    for (const piece of this.#pieces) follower.piece(piece);
    if (!this.#ended) this.#followers.push(follower);
    else if (this.#error === null) follower.end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#error === null) for (const follower of this.#followers) follower.end();
    this.#wake();
  }

  /** Readers get what was written so far and then this error. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#error = error;
    this.end();
  }

  /** What was written so far. */
  get text(): string { return this.#pieces.join(''); }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (let i = 0; ;) {
      const piece = this.#pieces[i];
      if (piece !== undefined) {
        i++;
        yield piece;
      }
      else if (this.#ended) {
        if (this.#error !== null) throw this.#error;
        return;
      } else await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    }
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

/** Told at once of what is written. */
export interface Follower { piece(piece: string): void; end(): void }
