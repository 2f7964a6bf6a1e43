import type { Channel } from '../../channel.ts';
import type { FileLimits, LimitSettings } from '../settings.ts';

/** What this door needs to know of a Direct Line account. `channels/directline` reads it from `parley.yaml`; the door is its reader. */
export interface DirectlineSettings {
  /** At least one. The first signs tokens; any of them is taken, so that one can be replaced by another. */
  readonly secrets: readonly string[];
  /** Sites whose pages may talk to this account; our own origin always may. */
  readonly origins: readonly string[];
  /** Seconds. */
  readonly tokenLife: number;
  /** Are the `dl_` user ids in tokens customers' ids in the business's own system? Then whoever holds such a token is that customer. */
  readonly verifiedUsers: boolean;
  /** `visitor` is one conversation. The business's own server, which has the secret, is not limited. */
  readonly limits: LimitSettings;
}

export interface DirectlineAccount {
  /** As `parley.yaml` calls it. */
  readonly name: string;
  readonly channel: Channel;
  readonly settings: DirectlineSettings;
  /** Of one upload, and of a conversation. */
  readonly files: FileLimits;
}
