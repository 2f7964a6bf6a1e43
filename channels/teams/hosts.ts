/**
 * Where the connector lives (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages):
 * the public cloud, the United States' GCC, GCC High and DoD, and China's. Our token goes nowhere else.
 */
export const SERVICE_HOSTS = [
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  'smba.trafficmanager.cn',
] as const;

/** Where files lie that customers send: their own OneDrive, by an address that opens by itself for some minutes. */
export const FILE_HOSTS = ['*.sharepoint.com', '*.sharepoint.us', '*.sharepoint-mil.us', '*.sharepoint.cn'] as const;

/** `smba.example`, `*.smba.example` or, for a stand-in on this machine, `127.0.0.1:4000`. */
export const HOST = /^(?:\*\.)?[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?$/;

/** Is it an address of one of these hosts? Without encryption only on this very machine. */
export function isAllowed(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname))) return false;
  return hosts.some((allowed) => (allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed));
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);
