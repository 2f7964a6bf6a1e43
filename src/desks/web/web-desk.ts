import { ParleyError } from '../../errors.ts';
import type { Desk, Head } from '../../handoff/desk.ts';
import type { Office } from '../../handoff/office.ts';
import type { Policy, Presence } from '../../handoff/policy.ts';
import type { Owners } from '../../handoff/review/owners.ts';
import type { Log } from '../../log.ts';
import type { DeskTables } from '../../store/desk.ts';
import { happeningOf } from './acts.ts';
import { Board } from './board.ts';
import { openDoor, type Proof } from './door.ts';
import { pageFiles } from './page-files.ts';
import type { Card, Colleague, Door, Outcome, Thread, Told, Wanted, World } from './protocol.ts';
import { openSessions } from './session.ts';
import { createSignIn } from './sign-in.ts';
import { EMPTY, type Readable, readFrom, type Source } from './source.ts';
import { Stream } from './stream.ts';

/** A desk that is a page: for teams without Slack, and while Slack is down. */
export interface WebDesk extends Desk {
  /** Answers `/console/desk` and what is under it. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Once the house stands: whom it asks, and what it reads. */
  begin(house: House): void;
  /**
   * A code that lets this agent in once.
   * @throws ParleyError `desk.unknown_agent`
   */
  invite(agent: string): string;
  /** From now on, whoever comes to this machine by its own name may be any agent: for a demo on the loopback. */
  letAnyoneIn(): void;
  /** Lets the pages go, which would keep a server open. */
  end(): void;
}

/** What the desk asks of the house behind it. */
export interface House {
  readonly store: Readable & { readonly desk: Pick<DeskTables, 'agents'> };
  /** Who decides about what comes of the reviews; absent: nothing is reviewed. */
  readonly owners?: Pick<Owners, 'isOne' | 'summary' | 'approve' | 'decline'>;
  readonly office: Pick<Office, 'give' | 'setPresence' | 'head' | 'keepFile' | 'replies' | 'reveal' | 'translate'>;
}

/** Bytes of an agent's file that are read at all; what is taken of them the office says. */
const FILE_LIMIT = 64 * 1024 * 1024;

export interface WebDeskOptions {
  /** What the business calls itself. */
  readonly business: () => string;
  readonly policy: () => Policy;
  readonly clock: { now(): number };
  /** Where sessions are kept; `undefined`: a restart signs everybody out. */
  readonly sessions?: string;
  /** See `sign-in.ts`. */
  readonly secret?: string;
  readonly log: Log;
}

const PRESENCES: readonly Presence[] = ['available', 'busy', 'away', 'transfer_only', 'offline'];

/** Shows from the first moment what it is told; answers for conversations of before once it has {@link WebDesk.begin}. */
export function openWebDesk({ business, policy, clock, sessions, secret, log }: WebDeskOptions): WebDesk {
  let house: House | undefined;
  let source: Source = EMPTY;
  let isForAnyone = false;
  const board = new Board(() => source);
  const stream = new Stream();
  // People come and go by the wall clock, whatever time a playground says it is.
  const people = openSessions(sessions, Date.now);
  const signIn = createSignIn(secret, Date.now);

  // — What is shown ————————————————————————————————————————————————————————————————————————————————————————————

  /** To everybody who may see it; who no longer may is told that much. */
  async function show(conversation: string, before?: Card): Promise<void> {
    const card = await board.card(conversation);
    if (card === undefined) return;
    const mayNow = everybody().filter((agent) => maySee(agent, card));
    const mayNot = everybody().filter((agent) => !mayNow.includes(agent));
    stream.tell(mayNow, { tell: 'card', card });
    if (before !== undefined) {
      const didBefore = mayNot.filter((agent) => maySee(agent, before));
      stream.tell(didBefore, { tell: 'gone', conversation });
    }
    tellNews(card);
  }

  /** Whether they look on or not: who is away for a moment is told when she is back. */
  function everybody(): readonly string[] {
    return policy().agents.map(({ name }) => name);
  }

  function tellNews(card: Card | undefined): void {
    if (card === undefined) return;
    const { conversation } = card;
    const may = everybody().filter((agent) => maySee(agent, card));
    stream.tell(may, { tell: 'news', conversation });
  }

  async function put(head: Head): Promise<void> {
    const { before } = board.put(head);
    await show(head.conversation, before);
  }

  /** Her queues', and what somebody has given her. What belongs to no queue of the desk must not be lost: everybody sees it. */
  function maySee(agent: string, { queue, agent: holder, consulted }: Card): boolean {
    if (holder === agent || consulted === agent) return true;
    const { queues, agents } = policy();
    return !Object.hasOwn(queues, queue) || agents.some(({ name, queues }) => name === agent && queues.includes(queue));
  }

  async function colleagues(): Promise<readonly Colleague[]> {
    const known = new Map((await house?.store.desk.agents())?.map((agent) => [agent.name, agent.presence]));
    return policy().agents.map(({ name, shown = name, queues }) => ({
      ...{ name, shown, queues },
      presence: PRESENCES.find((one) => one === known.get(name)) ?? 'offline',
    }));
  }

  async function world(me: string): Promise<Told> {
    const [agents, cards] = await Promise.all([colleagues(), board.cards()]);
    const seen = cards.filter((card) => maySee(me, card));
    const told: World = {
      ...{ me, business: business(), agents, cards: seen, now: clock.now() },
      queues: Object.keys(policy().queues),
      isOwner: house?.owners?.isOne(me) ?? false,
    };
    return { tell: 'world', world: told };
  }

  async function tellAgents(): Promise<void> {
    const agents = await colleagues();
    stream.tell(everybody(), { tell: 'agents', agents });
  }

  // — What is asked ————————————————————————————————————————————————————————————————————————————————————————————

  function isAgent(name: string | undefined): name is string {
    return policy().agents.some((agent) => agent.name === name);
  }

  function doorFor(agent: string | undefined, isLocal: boolean): Door {
    const demo = policy().agents.map(({ name, shown = name, queues }) => ({ name, shown, queues }));
    return {
      business: business(),
      ...(agent === undefined ? {} : { me: agent }),
      ...(isForAnyone && isLocal ? { demo } : {}),
    };
  }

  async function letIn({ code, demo }: Proof, isLocal: boolean): Promise<string> {
    const agent = demo !== undefined && isForAnyone && isLocal ? demo : await signIn.redeem(code ?? '');
    if (!isAgent(agent))
      throw new ParleyError('desk.not_let_in', `Nobody called ${agent} works at this desk.`, {
        hint: 'Agents are named under desk: agents: in parley.yaml.',
      });
    const token = await people.begin(agent);
    log.info('desk.signed_in', { agent });
    const presence = (await colleagues()).find(({ name }) => name === agent)?.presence;
    if (presence === 'offline') await setPresence(agent, 'available');
    return token;
  }

  async function setPresence(agent: string, presence: string): Promise<void> {
    const wanted = PRESENCES.find((one) => one === presence);
    if (wanted === undefined)
      throw new ParleyError('desk.unknown_presence', 'There is no such presence.', {
        hint: `There are: ${PRESENCES.join(', ')}.`,
      });
    await running().office.setPresence(agent, wanted);
    await tellAgents();
  }

  async function visible(agent: string, conversation: string): Promise<Card> {
    const card = await board.card(conversation);
    if (card !== undefined && maySee(agent, card)) return card;
    throw new ParleyError('desk.unknown_conversation', 'There is no such conversation, or it is not for you.', {
      hint: 'It may have been given to another queue.',
    });
  }

  async function act(agent: string, { conversation, command, version, act }: Wanted): Promise<Outcome> {
    await visible(agent, conversation);
    const happening = happeningOf(act, agent, policy());
    // Named after her, so that nobody's command is taken for a colleague's.
    const given = { conversation, command: `web:${agent}:${command}`, happening };
    const answer = await running().office.give(version === undefined ? given : { ...given, version });
    await show(conversation);
    if (answer.ok) return { ok: true };
    return { ok: false, code: answer.code, ...(answer.holder === undefined ? {} : { holder: answer.holder }) };
  }

  function running(): House {
    if (house !== undefined) return house;
    throw new ParleyError('desk.slow', 'The house is not open yet.', {
      hint: 'Try again in a moment.',
      retryable: true,
    });
  }

  return {
    kind: 'web',
    health: () => ({ is: stream.isWatched ? 'manned' : 'empty' }),
    async open(head, recent) {
      const { before } = board.put(head);
      for (const post of recent) board.post(head.conversation, post);
      await show(head.conversation, before);
      return head.conversation;
    },
    async update(_place, head) {
      await put(head);
    },
    async post(place, post) {
      board.post(place, post);
      await show(place);
    },
    async note(place, note) {
      tellNews(board.note(place, note, clock.now()));
    },
    async offer(place, offer) {
      board.offer(place, offer);
      stream.tell([offer.agent], { tell: 'notice', code: 'offer', conversation: place });
      await show(place);
    },
    async receipt(place, receipt) {
      tellNews(board.receipt(place, receipt));
    },
    async task(place, task) {
      board.task(place, task);
      await show(place);
    },
    async tell(place, { agent, code, holder }) {
      const notice: Told = { tell: 'notice', code, conversation: place };
      stream.tell([agent], holder === undefined ? notice : { ...notice, holder });
      if (code === 'away') await tellAgents();
    },
    async close(_place, head) {
      await put(head);
    },

    fetch: openDoor({
      page: pageFiles(),
      async agentOf(token) {
        const agent = await people.agentOf(token);
        // Who does not work here any more has no session.
        return isAgent(agent) ? agent : undefined;
      },
      door: doorFor,
      letIn,
      async letOut(token, agent) {
        await people.end(token);
        stream.tell([agent], { tell: 'out' });
        stream.dismiss(agent);
      },
      look: async (agent, last) => (stream.isFull ? undefined : stream.open(agent, last, () => world(agent))),
      async thread(agent, conversation, posts): Promise<Thread | undefined> {
        const card = await board.card(conversation);
        return card !== undefined && maySee(agent, card) ? board.thread(conversation, posts) : undefined;
      },
      act,
      presence: setPresence,
      async keep(agent, conversation, file) {
        await visible(agent, conversation);
        return running().office.keepFile(conversation, file);
      },
      fileLimit: FILE_LIMIT,
      async reveal(agent, conversation, what) {
        await visible(agent, conversation);
        return running().office.reveal({ conversation, agent, what });
      },
      async translate(agent, conversation, text) {
        await visible(agent, conversation);
        return running().office.translate(conversation, text);
      },
      async proposals(agent) {
        const { owners } = running();
        return owners?.isOne(agent) ? (await owners.summary()).proposals : [];
      },
      async decide(agent, id, isRight) {
        const { owners } = running();
        await (isRight ? owners?.approve(id, agent) : owners?.decline(id, agent));
      },
      async replies(agent, conversation) {
        await visible(agent, conversation);
        return running().office.replies(conversation, agent);
      },
    }),
    begin(opened) {
      house = opened;
      source = readFrom(opened.store, (conversation) => opened.office.head(conversation));
    },
    invite(agent) {
      if (isAgent(agent)) return signIn.invite(agent);
      throw new ParleyError('desk.unknown_agent', `Nobody called ${agent} works at this desk.`, {
        hint: `There are: ${policy()
          .agents.map(({ name }) => name)
          .join(', ')}.`,
      });
    },
    letAnyoneIn() {
      isForAnyone = true;
    },
    end: () => stream.end(),
  };
}
