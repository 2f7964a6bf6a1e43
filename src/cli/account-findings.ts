import { asking } from '../bot/polling.ts';
import type { Account } from '../deployment/accounts.ts';
import type { Deployment, Environment } from '../deployment/deployment.ts';
import { SETTINGS_FILE } from '../deployment/settings.ts';
import { codeOf } from '../errors.ts';
import { isWeb } from '../web-address.ts';
import type { Finding } from './finding.ts';

/** Of every account in `parley.yaml`: which variables it needs and whether they are set, and where its platform must call it. */
export function lookAtAccounts(deployment: Deployment, environment: Environment): Finding[] {
  const accounts = Object.entries(deployment.settings.channels);
  if (accounts.length === 0)
    return [
      { ok: true, what: 'no account: nobody can write', todo: `Name one under \`channels\` in ${SETTINGS_FILE}.` },
    ];
  const address = publicAddress(environment);
  const called = deployment.accounts.filter(isCalled);
  return [
    ...accounts.flatMap(([name, raw]) =>
      [...referencesIn(raw)].map((variable) => lookUp(variable, `${name} (${raw.kind})`, environment)),
    ),
    ...(called.length === 0 ? [] : [lookAtAddress(address, called, environment)]),
    ...called.flatMap((account): Finding[] =>
      address === undefined
        ? []
        : [{ ok: true, what: `${titleOf(account)} is to be called at ${webhookOf(account, address)}` }],
    ),
  ];
}

/** Asks the platforms themselves, all at once. */
export async function askPlatforms({ accounts }: Deployment, environment: Environment): Promise<Finding[]> {
  const asked = await Promise.all(accounts.map((account) => ask(account, publicAddress(environment))));
  return asked.flat();
}

/** Names of variables, wherever in an account's settings they stand. */
function referencesIn(raw: unknown): Set<string> {
  if (typeof raw === 'string') return new Set([...raw.matchAll(/\$\{([A-Za-z_]\w*)\}/g)].map(([, name]) => name ?? ''));
  if (typeof raw !== 'object' || raw === null) return new Set();
  return new Set(Object.values(raw).flatMap((value) => [...referencesIn(value)]));
}

function lookUp(variable: string, who: string, environment: Environment): Finding {
  if ((environment[variable] ?? '') !== '') return { ok: true, what: `${who}: ${variable} is set` };
  return {
    ok: false,
    what: `${who}: ${variable} is not set`,
    todo: `${SETTINGS_FILE} needs it: export ${variable}=…`,
  };
}

/** Does its platform call us? */
function isCalled(account: Account): boolean {
  return account.channel.verify !== undefined && asking(account) !== 'pull';
}

function lookAtAddress(address: string | undefined, called: readonly Account[], environment: Environment): Finding {
  const who = called.map(({ name }) => name).join(', ');
  if (address === undefined)
    return environment.PARLEY_PUBLIC_URL
      ? { ok: false, what: 'PARLEY_PUBLIC_URL is no web address', todo: 'Such as https://bot.example' }
      : {
          ok: true,
          what: 'PARLEY_PUBLIC_URL is not set',
          todo: `Platforms must reach ${who} from the internet: export PARLEY_PUBLIC_URL=https://…`,
        };
  if (address.startsWith('https:')) return { ok: true, what: `PARLEY_PUBLIC_URL is ${address}` };
  return { ok: true, what: `PARLEY_PUBLIC_URL is ${address}`, todo: 'Platforms call https addresses only.' };
}

function publicAddress({ PARLEY_PUBLIC_URL: text = '' }: Environment): string | undefined {
  return isWeb(text) ? new URL(text).origin : undefined;
}

function webhookOf({ name }: Account, address: string): string {
  return `${address}/channels/${name}`;
}

function titleOf({ name, channel }: Account): string {
  return `${name} (${channel.kind})`;
}

/** What goes wrong is a finding, too: that a platform cannot be reached is what one wants to know. */
async function ask(account: Account, address: string | undefined): Promise<Finding[]> {
  const { channel, settings } = account;
  const who = titleOf(account);
  const signal = AbortSignal.timeout(PATIENCE);
  const where = address !== undefined && isCalled(account) ? { webhook: webhookOf(account, address) } : {};
  try {
    const found = (await Promise.race([channel.check?.({ settings, signal, ...where }), silenceOf(signal)])) ?? [];
    return found.map(({ ok, what, hint }) => ({ ok, what: `${who}: ${what}`, ...(hint && { todo: hint }) }));
  } catch (error) {
    const told = signal.aborted ? `no answer within ${PATIENCE / 1000} s` : reasonOf(error);
    return [{ ok: false, what: `${who}: ${told}`, todo: 'Compare its secrets with the platform’s console.' }];
  }
}

function silenceOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/** Clients put a status or a network's code on their errors; their messages may hold addresses with a token in them. */
function reasonOf(error: unknown): string {
  const { status, code, cause } = error as { status?: unknown; code?: unknown; cause?: unknown };
  const refused = [status, code].find((number) => typeof number === 'number');
  if (refused !== undefined) return `the platform refuses (${refused})`;
  return `it could not be asked (${codeOf(typeof code === 'string' ? error : cause)})`;
}

const PATIENCE = 5_000;
