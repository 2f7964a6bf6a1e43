import type { Reference } from './address.ts';
import type { TeamsSettings } from './settings.ts';

/** Conversations whose connector is remembered; the one that was silent longest is forgotten first. */
const MOST = 50_000;

/**
 * Where each conversation's connector is: the latest that a verified call named. Microsoft promises that an older one goes on working
 * when a conversation moves (https://devblogs.microsoft.com/microsoft365dev/updates-for-microsoft-teams-bots-in-multi-geo-environments/),
 * so nothing is lost with a restart: then its tenant's latest is asked, and before that the account's own `service_url`.
 */
class Services {
  readonly #byPlace = new Map<string, string>();
  readonly #fallback: string;

  constructor(fallback: string) {
    this.#fallback = fallback;
  }

  /** @param serviceUrl verified, and of an allowed host */
  learn({ tenant, conversation }: Reference, serviceUrl: string): void {
    const url = serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`;
    for (const place of [tenant, `${tenant}/${conversation}`]) {
      this.#byPlace.delete(place);
      this.#byPlace.set(place, url);
    }
    for (const place of this.#byPlace.keys()) {
      if (this.#byPlace.size <= MOST) break;
      this.#byPlace.delete(place);
    }
  }

  of({ tenant, conversation }: Reference): string {
    return this.#byPlace.get(`${tenant}/${conversation}`) ?? this.#byPlace.get(tenant) ?? this.#fallback;
  }
}

const known = new WeakMap<TeamsSettings, Services>();

export function servicesOf(settings: TeamsSettings): Services {
  const services = known.get(settings) ?? new Services(settings.serviceUrl);
  known.set(settings, services);
  return services;
}
