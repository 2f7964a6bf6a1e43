import { Telegram } from 'telegraf';
import type { CallContext } from '#channel';
import type { TelegramSettings } from './settings.ts';

/**
 * Telegraf's own types know neither the platform's AbortSignal nor methods newer than Bot API 7.1; its client passes both through.
 * What comes back is read with a schema by who asked.
 */
type CallApi = (method: string, payload: object, options: { readonly signal: AbortSignal }) => Promise<unknown>;

const clients = new WeakMap<TelegramSettings, CallApi>();

/** One call of the Bot API by the vendor's client, which retries nothing by itself. */
export function callApi(
  method: string,
  payload: object,
  { settings, signal }: CallContext<TelegramSettings>,
): Promise<unknown> {
  const known = clients.get(settings) ?? open(settings);
  return known(method, payload, { signal });
}

function open(settings: TelegramSettings): CallApi {
  const client = new Telegram(settings.token, { apiRoot: settings.apiRoot });
  const call = client.callApi.bind(client) as unknown as CallApi;
  clients.set(settings, call);
  return call;
}
