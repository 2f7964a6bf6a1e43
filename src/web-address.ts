/** http and https, nothing else. */
export function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** A web address that the outside can open, where `base` is how the world reaches us; `undefined`: there is none. */
export function absolute(url: string, base: string | undefined): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const { href } = new URL(url, base);
  return isWeb(href) ? href : undefined;
}
