/** Where Microsoft's pieces are, in one of its clouds. */
export interface Cloud {
  /** Of the tokens that open our door; another cloud's open it no more than a stranger's. */
  readonly issuer: string;
  /** The OpenID configuration that names the platform's keys. */
  readonly openid: string;
  /** Who gives us tokens, for which scope; and, to a bot of many tenants, as whom. */
  readonly login: string;
  readonly scope: string;
  readonly tenant: string;
  /** The connector, where a conversation has told us no nearer one. */
  readonly service: string;
  /** Does a bot send files there? (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4) */
  readonly files: boolean;
}

const WORLD = {
  issuer: 'https://api.botframework.com',
  openid: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.com',
  scope: 'https://api.botframework.com/.default',
  tenant: 'botframework.com',
  service: 'https://smba.trafficmanager.net/teams/',
  files: true,
} as const satisfies Cloud;

const GOVERNMENT = {
  issuer: 'https://api.botframework.us',
  openid: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  login: 'https://login.microsoftonline.us',
  scope: 'https://api.botframework.us/.default',
  tenant: 'MicrosoftServices.onmicrosoft.us',
  files: false,
} as const;

/**
 * The world's, those of the United States' government (https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high) and
 * 21Vianet's in China (…/how-to-deploy-china-cloud). GCC is the world's cloud with a connector of its own.
 */
export const CLOUDS = {
  public: WORLD,
  gcc: { ...WORLD, service: 'https://smba.infra.gcc.teams.microsoft.com/teams/' },
  gcc_high: { ...GOVERNMENT, service: 'https://smba.infra.gov.teams.microsoft.us/teams/' },
  dod: { ...GOVERNMENT, service: 'https://smba.infra.dod.teams.microsoft.us/teams/' },
  china: {
    issuer: 'https://api.botframework.azure.cn',
    openid: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
    login: 'https://login.partner.microsoftonline.cn',
    scope: 'https://api.botframework.azure.cn/.default',
    tenant: 'microsoftservices.partner.onmschina.cn',
    service: 'https://smba.trafficmanager.cn/teams/',
    files: false,
  },
} as const satisfies Readonly<Record<string, Cloud>>;
