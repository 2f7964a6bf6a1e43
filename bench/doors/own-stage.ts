/** Our own doors, by which customers come themselves: web chat and Direct Line, in a process of its own. */
import { join } from 'node:path';
import directline from '../../channels/directline/directline.ts';
import web from '../../channels/web/web.ts';
import type { DirectlineSettings } from '../../src/server/directline/settings.ts';
import { createFileStore } from '../../src/server/file-store.ts';
import { createIntake } from '../../src/server/intake.ts';
import { createServer } from '../../src/server/server.ts';
import { FILE_LIMITS } from '../../src/server/settings.ts';
import type { TakeTurn } from '../../src/turn.ts';
import { obey } from '../actor.ts';
import { best } from './best.ts';
import { openHouse } from './house.ts';

export interface OwnDoorWishes {
  measure(given: { kind: 'web' | 'directline'; rounds: number }): Promise<OwnCosts>;
}

/** µs of CPU each, from the server's first look at a request to its answer. */
export interface OwnCosts {
  /** Her word, on disk. */
  readonly door: number;
  /** A word under a token with one letter changed. */
  readonly forged: number;
  /** She asks for what is new, and there is one message: what she was greeted with. */
  readonly told: number;
  /** A request that is for nobody: what every one costs before any door. */
  readonly bare: number;
}

const SECRET = 'bench-secret-of-nobody'.padEnd(48, '0');
const often = { burst: 1e9, perMinute: 1e9 };
const limits = { visitor: often, network: often, sessions: often };

/** Says one thing to who comes in, and nothing to any word. */
const greeting: TakeTurn = (state, event) => ({
  state: state ?? {},
  effects: event.kind === 'opened' ? [{ kind: 'send', from: 'bot', message: { text: 'It is on its way.' } }] : [],
});

obey<OwnDoorWishes>({
  async measure({ kind, rounds }) {
    const chat = { account: 'web', settings: { ...web.settings({ kind: 'web' }, {}), limits } };
    const account = { kind: 'directline', secret: `\${SECRET}` };
    const line = { ...directline.settings(account, { SECRET }), limits } as DirectlineSettings;
    const { engine, folder, log, close } = openHouse(
      new Map([
        ['web', { channel: web, settings: chat.settings }],
        ['directline', { channel: directline, settings: line }],
      ]),
      greeting,
    );
    const files = createFileStore(join(folder, 'files'));
    const { fetch } = createServer({
      ...{ engine, files, chat, log, clock: Date.now },
      directline: [{ name: 'directline', channel: directline, settings: line, files: FILE_LIMITS }],
      intake: createIntake({ engine, files, limits: FILE_LIMITS, log }),
    });
    const ask = async (
      method: string,
      path: string,
      token: string,
      status: number,
      body?: object,
    ): Promise<unknown> => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(new Request(`http://bot.example${path}`, { method, headers, ...given }));
      if (answer.status !== status) throw new Error(`${method} ${path} was answered ${answer.status}.`);
      return await answer.json();
    };
    const visitors = await Promise.all(Array.from({ length: 256 }, () => VISITS[kind].begin(ask)));
    let count = 0;
    const works = VISITS[kind].works(ask, () => {
      count += 1;
      return { number: count, visitor: visitors[count % visitors.length] ?? { token: '', conversation: '' } };
    });
    const bare = () => ask('GET', '/nowhere', '', 404);
    const costs = await best({ forged: works.forged, told: works.told, bare }, rounds);
    // Behind the others: what she has said would be told, too.
    const { door } = await best({ door: works.door }, rounds, 64);
    await close();
    return { ...costs, door };
  },
});

type Ask = (method: string, path: string, token: string, status: number, body?: object) => Promise<unknown>;
type Next = () => { readonly number: number; readonly visitor: Visitor };

interface Visitor {
  readonly token: string;
  readonly conversation: string;
}

interface Visit {
  begin(ask: Ask): Promise<Visitor>;
  works(ask: Ask, next: Next): Readonly<Record<'door' | 'forged' | 'told', () => Promise<unknown>>>;
}

const LINE = '/channels/directline/v3/directline';
const WORDS = 'Where is my order?';

const VISITS: Readonly<Record<'web' | 'directline', Visit>> = {
  web: {
    begin: async (ask) => (await ask('POST', '/chat/session', '', 201, {})) as Visitor,
    works: (ask, next) => ({
      door() {
        const { number, visitor } = next();
        return ask('POST', '/chat/messages', visitor.token, 202, { id: `w${number}`, text: WORDS });
      },
      forged() {
        const { visitor } = next();
        return ask('POST', '/chat/messages', forge(visitor.token), 401, { id: 'w', text: WORDS });
      },
      told: () => ask('GET', '/chat/messages?after=0', next().visitor.token, 200),
    }),
  },

  directline: {
    async begin(ask) {
      const { token, conversationId } = (await ask('POST', `${LINE}/conversations`, SECRET, 201, {})) as {
        token: string;
        conversationId: string;
      };
      return { token, conversation: conversationId };
    },
    works: (ask, next) => ({
      door() {
        const { number, visitor } = next();
        return ask(
          'POST',
          `${LINE}/conversations/${visitor.conversation}/activities`,
          visitor.token,
          200,
          said(number),
        );
      },
      forged() {
        const { number, visitor } = next();
        const path = `${LINE}/conversations/${visitor.conversation}/activities`;
        return ask('POST', path, forge(visitor.token), 403, said(number));
      },
      told() {
        const { visitor } = next();
        return ask('GET', `${LINE}/conversations/${visitor.conversation}/activities?watermark=0`, visitor.token, 200);
      },
    }),
  },
};

function said(number: number): object {
  return { type: 'message', id: `w${number}`, from: { id: 'anna' }, text: WORDS };
}

/** Its last letter but three, since the last ones may carry no bits. */
function forge(token: string): string {
  return `${token.slice(0, -4)}${token.at(-4) === 'A' ? 'B' : 'A'}${token.slice(-3)}`;
}
