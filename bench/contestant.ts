import type { Sink } from './channel.ts';
import type { Line } from './script.ts';

/** A bot that can hold the conversation of `script.ts`, however it is made. */
export interface Contestant {
  readonly name: string;
  /** Is a reply's turn on disk, fsync included, before the reply leaves? */
  readonly durable: boolean;
  open(stage: Stage): Promise<Running>;
}

export interface Stage {
  readonly sink: Sink;
  /** Where a durable one keeps its file: an existing folder on a real disk. */
  readonly folder: string;
  /** What its customers will do. */
  readonly script: readonly Line[];
  /** How many flows it has in all. */
  readonly flows: number;
}

export interface Running {
  /** Takes a webhook's body. Its replies reach the sink sooner or later: the driver waits for those, not for this. */
  receive(body: Buffer): void;
  /** Resolves when nothing is under way any more; then its file is closed. */
  close(): Promise<void>;
}
