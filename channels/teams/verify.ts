import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { ParleyError, type RawRequest } from '#channel';
import { type Activity, readActivity } from './activity.ts';
import { tenantOf, whoIs } from './address.ts';
import { isAllowed } from './hosts.ts';
import { type PlatformKey, PlatformKeys } from './keys.ts';
import { servicesOf } from './services.ts';
import type { TeamsSettings } from './settings.ts';

/** Seconds that clocks may differ. */
const SKEW = 300;

/**
 * The door (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication, "Connector to Bot"):
 * a token of the Bot Framework's own issuer in the account's cloud, signed by a key that it publishes, for this bot, for the very connector that the activity
 * names. Tokens of the emulator and of other bots have another issuer and are refused. Within its hour a token opens the door again:
 * what is delivered twice is known by its key.
 * @throws `channel.unverified`, `teams.invalid_activity`, `teams.keys_unavailable` (retryable)
 */
export async function verify(request: RawRequest, settings: TeamsSettings, now: number): Promise<void> {
  const token = tokenOf(request.headers.authorization);
  const key = await keyOf(token, settings, now);
  const claims = await claimsOf(token, key, settings, now);
  const activity = readActivity(request.body);
  checkActivity(activity, claims.serviceurl, key, settings);
  servicesOf(settings).learn(whoIs(activity), activity.serviceUrl);
}

function tokenOf(header = ''): string {
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(header) ?? [];
  if (token === undefined) throw unverified('There is no bearer token.');
  return token;
}

/** What costs nothing is looked at before anybody is asked for keys. */
async function keyOf(token: string, { openid, issuer }: TeamsSettings, now: number): Promise<PlatformKey> {
  const { alg, kid } = orRefuse(() => decodeProtectedHeader(token));
  if (alg !== 'RS256' || kid === undefined) throw unverified('The token is not signed as the platform signs.');
  if (orRefuse(() => decodeJwt(token)).iss !== issuer) throw unverified('The token is not of the Bot Framework.');
  const key = await keysAt(openid).find(kid, now);
  if (key === undefined) throw unverified('The token is signed by a key that the platform does not publish.');
  return key;
}

async function claimsOf(token: string, { key }: PlatformKey, { appId, issuer }: TeamsSettings, now: number) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer,
      audience: appId,
      clockTolerance: SKEW,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'serviceurl'],
    });
    return payload;
  } catch (cause) {
    // Whatever it is, a key that is too weak included: nobody has proven anything.
    throw unverified('The token is not right.', cause);
  }
}

function checkActivity(
  activity: Activity,
  service: unknown,
  { endorsements }: PlatformKey,
  { serviceHosts, tenant }: TeamsSettings,
): void {
  const { channelId, serviceUrl } = activity;
  if (service !== serviceUrl) throw unverified('The token is for another connector than the activity names.');
  // Keys of some channels lost their list in 2023 (MicrosoftDocs/bot-docs#2300): an empty one endorses all.
  if (endorsements.length > 0 && !endorsements.includes(channelId))
    throw unverified('The key may not sign for this channel.');
  if (!isAllowed(serviceUrl, serviceHosts)) throw unverified('The connector is none that we would answer.');
  if (tenant !== undefined && tenantOf(activity).toLowerCase() !== tenant)
    throw unverified('The activity is of another tenant.');
}

const published = new Map<string, PlatformKeys>();

/** Accounts of the same cloud share its keys. */
function keysAt(address: string): PlatformKeys {
  const known = published.get(address) ?? new PlatformKeys(address);
  published.set(address, known);
  return known;
}

function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unverified('The token cannot be read.', cause);
  }
}

function unverified(message: string, cause?: unknown): ParleyError {
  return new ParleyError('channel.unverified', message, { cause });
}
