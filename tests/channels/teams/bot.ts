import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import type { Simulator } from '../../../channels/teams/simulator.ts';

export interface RealBot {
  readonly url: string;
  /** HTTP statuses that its adapter gave. */
  readonly statuses: readonly number[];
  close(): Promise<void>;
}

/** A bot of the vendor's own library, with its JWT validation on: it believes the stand-in to be the Bot Framework. */
export async function openRealBot(teams: Simulator, handler: ActivityHandler): Promise<RealBot> {
  const { appId } = teams;
  const adapter = new CloudAdapter(vendorsDoor(appId, teams.account.openid, () => login(teams)));
  adapter.onTurnError = async (_context, error) => Promise.reject(error);
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const answer = {
      socket: response.socket,
      header: (name: string, value: unknown) => response.setHeader(name, String(value)),
      status: (code: number) => {
        response.statusCode = code;
      },
      send: (content: unknown) => void response.write(typeof content === 'string' ? content : JSON.stringify(content)),
      end: () => {
        statuses.push(response.statusCode);
        response.end();
      },
    };
    const asked = { method: request.method, headers: request.headers, body };
    await adapter.process(asked as never, answer as never, (context) => handler.run(context));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    statuses,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The vendor's own checks of who calls, as a bot has them in the public cloud, with keys from here. */
export function vendorsDoor(
  appId: string,
  openid: string,
  token: () => Promise<string>,
): ConfigurationBotFrameworkAuthentication {
  return new ConfigurationBotFrameworkAuthentication(
    { MicrosoftAppId: appId, ToBotFromChannelOpenIdMetadataUrl: openid, ...CLOUD },
    {
      isValidAppId: async (id?: string) => id === appId,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({
        async signRequest(request: { headers: { set(name: string, value: string): void } }) {
          request.headers.set('authorization', `Bearer ${await token()}`);
          return request;
        },
      }),
    } as never,
  );
}

/** All that the library must be told where its public cloud is replaced. */
const CLOUD = {
  ValidateAuthority: true,
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
  ToChannelFromBotOAuthScope: 'https://api.botframework.com',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
  OAuthUrl: 'https://token.botframework.com',
  ToBotFromEmulatorOpenIdMetadataUrl:
    'https://login.microsoftonline.com/botframework.com/v2.0/.well-known/openid-configuration',
  CallerId: 'urn:botframework:azure',
};

async function login({ url, appId, password }: Simulator): Promise<string> {
  const answer = await fetch(`${url}/botframework.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: password,
      scope: 'https://api.botframework.com/.default',
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
