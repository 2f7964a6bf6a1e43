import type { Told } from '../../src/playground/protocol.ts';

/** A page that looks on: what it has been told so far. */
export class Page {
  readonly told: Told[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest = '';

  constructor(answer: Response) {
    if (answer.body === null) throw new Error(`It is told nothing: ${answer.status}`);
    this.#reader = answer.body.getReader();
  }

  /** Reads on until something fits. Bounded by the test's own time. */
  async hears<T extends Told['tell']>(
    tell: T,
    fits: (told: Extract<Told, { tell: T }>) => boolean = () => true,
  ): Promise<Extract<Told, { tell: T }>> {
    for (;;) {
      const found = this.told.find((one) => one.tell === tell && fits(one as Extract<Told, { tell: T }>));
      if (found !== undefined) return found as Extract<Told, { tell: T }>;
      if (!(await this.#read())) throw new Error(`Never told: ${tell}`);
    }
  }

  /** Is nothing more to come? */
  async ends(): Promise<boolean> {
    while (await this.#read());
    return true;
  }

  async leave(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    const blocks = (this.#rest + new TextDecoder().decode(value)).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) if (block.startsWith('data: ')) this.told.push(JSON.parse(block.slice(6)) as Told);
    return true;
  }
}
