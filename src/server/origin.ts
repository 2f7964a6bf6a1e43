import { Refusal } from './refusal.ts';

/**
 * May this page talk to us? The chat's own origin and the listed sites may. A request without an Origin is not from a foreign
 * page (browsers always name it there), and it still needs a bearer token, which no browser sends by itself.
 */
export function isAllowedOrigin(origin: string | null, host: string | null, allowed: readonly string[]): boolean {
  return origin === null || allowed.includes(origin) || isSameOrigin(origin, host);
}

/** @throws `chat.foreign_origin` */
export function checkOrigin(headers: Headers, host: string | null, allowed: readonly string[]): void {
  if (!isAllowedOrigin(headers.get('origin'), host, allowed)) throw foreignOrigin();
}

export function foreignOrigin(): Refusal {
  return new Refusal(403, 'chat.foreign_origin', 'This site may not embed the chat.', {
    hint: 'Add its origin to `origins` of the web account in parley.yaml.',
  });
}

/** CORS for an allowed page: exactly its own origin, and no cookies, which the chat does not use. */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Retry-After',
    vary: 'Origin',
  };
}

export function preflight(origin: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin),
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, X-File-Name',
      'access-control-max-age': '600',
    },
  });
}

/** Compared by host: behind a proxy that ends TLS the server sees `http` where the browser sees `https`. */
function isSameOrigin(origin: string, host: string | null): boolean {
  return host !== null && URL.canParse(origin) && new URL(origin).host === host;
}
