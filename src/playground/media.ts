import { createHash } from 'node:crypto';
import type { Bubble } from '../simulator.ts';

/** Files in memory at most; the oldest go first. */
const KEPT = 64;
/** What people may send: the rest of the address is base64. */
const DATA = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s;
/** Types a browser may show in the page; anything else is a download. */
const SHOWN = /^image\/(?:png|jpeg|gif|webp)$/;

/** Pictures that people sent, at addresses of their own: a screen is told again and again, its pictures once. */
export class Media {
  readonly #files = new Map<string, { type: string; bytes: Uint8Array<ArrayBuffer> }>();

  /** The same bubble with short addresses. */
  shorten(bubble: Bubble): Bubble {
    const { image, file } = bubble;
    return {
      ...bubble,
      ...(image === undefined ? {} : { image: { ...image, url: this.#keep(image.url) } }),
      ...(file === undefined ? {} : { file: { ...file, url: this.#keep(file.url) } }),
    };
  }

  answer(name: string): Response | undefined {
    return answerWith(this.#files.get(name));
  }

  #keep(url: string): string {
    const [, type, data] = DATA.exec(url) ?? [];
    if (type === undefined || data === undefined) return url;
    const name = createHash('sha256').update(url).digest('base64url').slice(0, 22);
    if (!this.#files.has(name)) this.#files.set(name, { type, bytes: new Uint8Array(Buffer.from(data, 'base64')) });
    const [oldest] = this.#files.keys();
    if (this.#files.size > KEPT && oldest !== undefined) this.#files.delete(oldest);
    return `/playground/media/${name}`;
  }
}

/** What somebody has sent, to be looked at and never to be run. */
export function answerWith(
  file: { readonly type: string; readonly bytes: Uint8Array } | undefined,
): Response | undefined {
  if (file === undefined) return undefined;
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': SHOWN.test(file.type) ? file.type : 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    },
  });
}
