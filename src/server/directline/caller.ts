import { isAllowedOrigin } from '../origin.ts';
import { badToken, noBearer, noConversation, secretInPage } from './refusals.ts';
import type { Token, Tokens } from './tokens.ts';

/** Who asks: the business's own server, which may do everything, or a customer's client, which has one conversation. */
export type Caller = { readonly kind: 'server' } | { readonly kind: 'client'; readonly token: Token };

/** @throws `directline.no_token`, `directline.bad_token`, `directline.token_expired`, `directline.secret_in_page` */
export async function callerOf(headers: Headers, tokens: Tokens): Promise<Caller> {
  const text = /^Bearer +(\S{1,4096})$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (text === undefined) throw noBearer();
  const origin = headers.get('origin');
  if (tokens.isSecret(text)) {
    if (origin !== null) throw secretInPage();
    return { kind: 'server' };
  }
  const token = await tokens.read(text);
  // Our own origin is not among them, unless the business says so: it named the sites that this token is for.
  if (token.origins !== undefined && !isAllowedOrigin(origin, null, token.origins)) throw badToken();
  return { kind: 'client', token };
}

/** @throws `directline.bad_token` when a client asks for a conversation that is not its own */
export function mayOpen(caller: Caller, conversation: string): void {
  if (caller.kind === 'client' && caller.token.conversation !== conversation) throw badToken();
  if (!CONVERSATION.test(conversation)) throw noConversation();
}

const CONVERSATION = /^[A-Za-z0-9_-]{1,64}$/;
