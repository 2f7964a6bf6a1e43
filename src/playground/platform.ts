import { ParleyError } from '../errors.ts';
import type { Simulator } from '../simulator.ts';

/** A platform that the playground can open: its stand-in, and the bot's account there. */
export interface Platform {
  open(place: Place): Promise<Opened>;
}

export interface Place {
  /** Where the bot takes the platform's calls. */
  readonly webhook: string;
  /** Epoch milliseconds: the platform's clock, which the person at the page may move on. */
  readonly now: () => number;
  /** Where ids begin, so that none of an earlier start comes again: the bot remembers what it has seen. */
  readonly ids: number;
  /** A new secret that nobody knows, of letters and digits. */
  readonly secret: () => string;
}

export interface Opened {
  readonly simulator: Simulator;
  /** The account as `parley.yaml` would have it. */
  readonly account: { readonly kind: string; readonly [setting: string]: unknown };
  /** The secrets that it names. */
  readonly environment: Readonly<Record<string, string>>;
  /** What an operator does once the bot can be called. */
  connect?(): Promise<void>;
}

/** `${NAME}`: how a setting names a secret of the environment. */
export function reference(name: string): string {
  return `\${${name}}`;
}

export function notConnected(platform: string, webhook: string): ParleyError {
  return new ParleyError('playground.not_connected', `${platform}'s stand-in was not accepted at ${webhook}.`, {
    hint: 'Is something else listening there? Start the demo on another port: PORT=3001 npm start.',
  });
}
