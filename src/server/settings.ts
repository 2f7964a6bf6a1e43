/**
 * What the web chat's door needs to know of its account. `channels/web` reads it from `parley.yaml`; the shape is declared here,
 * once, because the door is its reader, and `bot/doors.ts` sees to it that the two agree.
 */
export interface ChatSettings {
  /** Sites that may embed the chat (`https://shop.example`); its own origin always may. */
  readonly origins: readonly string[];
  /** How the business proves who a visitor is. Absent: visitors are verified in conversation only. */
  readonly identity?: IdentitySettings;
  readonly limits: LimitSettings;
  /** Reverse proxies in front of this server whose `X-Forwarded-For` is believed. */
  readonly proxies: number;
  readonly files: FileLimits;
}

export interface IdentitySettings {
  /** Where the verifying keys come from. A secret is for HS256 and never leaves the server. */
  readonly keys:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'jwks'; readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } }
    | { readonly kind: 'jwks_url'; readonly url: string };
  readonly issuer?: string;
  readonly audience?: string;
}

export interface LimitSettings {
  /** Messages of one visitor. What she has read is counted apart, and beyond this goes unheard. */
  readonly visitor: Rate;
  /** All requests of one IP address. */
  readonly network: Rate;
  /** New conversations from one IP address. */
  readonly sessions: Rate;
}

export interface Rate {
  /** How many at once after a silence. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Where nothing is said of them. */
export const FILE_LIMITS: FileLimits = { size: 10 * 1024 * 1024, total: 50 * 1024 * 1024 };

export interface FileLimits {
  /** Bytes of one file. */
  readonly size: number;
  /** Bytes of all files of one conversation. */
  readonly total: number;
}
