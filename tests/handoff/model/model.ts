import { MAX_WAIT, MINUTE, OFFER, PROMISED, REOPEN, UNDO, WRAP_UP } from './world.ts';

type Clock = keyof typeof PROMISED;

/**
 * What ought to be so, told another way than the table tells it: a few fields, and business time counted hour by hour.
 */
export class Model {
  now: number;
  phase: 'bot' | 'waiting' | 'held' | 'wrap' | 'closed' = 'bot';
  who: string | undefined;
  offered: { to: string; until: number } | undefined;
  mode: 'plain' | 'hold' | 'consult' = 'plain';
  asked: string | undefined;
  choosing = false;
  askAt = Number.POSITIVE_INFINITY;
  wrapUntil = 0;
  closedAt = 0;
  replied = false;
  clocks: { clock: Clock; due: number }[] = [];
  verdicts: { clock: string; met: boolean }[] = [];
  /** Who might speak after the step before, and in which epoch. */
  before = { who: 'bot' as string | undefined, epoch: 0 };
  holdUntil = Number.POSITIVE_INFINITY;
  /** What agents have said and may still take back. */
  kept: { said: string; agent: string; text: string; at: number }[] = [];
  /** What was said last, by anybody. */
  last = 's0';
  /** Whose words she may have read, and which. */
  readonly spoken: string[] = [];
  /** What flows wait for humans to decide, and what was decided. */
  tasks: string[] = [];
  readonly decisions: string[] = [];
  private asks = 0;
  private says = 0;

  constructor(now: number) {
    this.now = now;
  }

  // — What happens —————————————————————————————————————————————————————————————————————————————————————————

  write(text: string): void {
    const isThanks = text === 'thanks';
    if (this.phase === 'closed' && this.now - this.closedAt >= REOPEN) this.phase = 'bot';
    else if (this.phase === 'closed') {
      if (!isThanks) this.wait(['first_reply', 'resolution']);
      return;
    }
    if (this.phase === 'bot') {
      if (text === 'human') this.wait(['first_reply', 'resolution']);
      if (text === 'approve') this.tasks.push(`t${++this.asks}`);
      return;
    }
    if (this.phase === 'waiting' && this.choosing && ['1', '2', '3'].includes(text)) return this.choose(text);
    if (this.phase === 'wrap' && isThanks) return;
    if (this.phase === 'wrap') this.hold(this.who);
    if (this.mode === 'hold') this.unhold();
    if (this.replied) this.promise('next_reply');
  }

  claim(agent: string): void {
    if (this.phase === 'held' || this.phase === 'wrap') return;
    if (this.phase !== 'waiting') {
      this.clocks = [];
      this.replied = false;
      this.promise('resolution');
    }
    this.hold(agent);
  }

  offer(agent: string): void {
    if (this.phase === 'waiting' && this.offered === undefined) this.offered = { to: agent, until: this.now + OFFER };
  }

  decline(agent: string): void {
    if (this.offered?.to === agent) this.offered = undefined;
  }

  /** Under which name. */
  say(agent: string): string {
    this.last = `s${++this.says}`;
    const words = { said: this.last, agent, text: this.last, at: this.now + UNDO };
    if (this.isHers(agent)) this.kept.push(words);
    return this.last;
  }

  edit(agent: string): void {
    for (const words of this.kept) if (words.said === this.last && words.agent === agent) words.text = `${this.last}!`;
  }

  take(agent: string): void {
    this.kept = this.kept.filter((words) => words.said !== this.last || words.agent !== agent);
  }

  decide(): void {
    const task = this.tasks.pop();
    if (task !== undefined) this.decisions.push(task);
  }

  assign(agent: string, to: string): void {
    if (this.phase !== 'waiting' && !this.isHers(agent)) return;
    if (to !== this.who) this.letOut();
    this.hold(to);
  }

  requeue(agent: string): void {
    if (this.phase !== 'waiting' && !this.isHers(agent)) return;
    this.letOut();
    this.wait([]);
  }

  consult(agent: string, asked: string): void {
    if (!this.isHers(agent) || this.mode === 'consult') return;
    this.unhold();
    this.mode = 'consult';
    this.asked = asked;
  }

  handOver(agent: string): void {
    if (!this.isHers(agent) || this.mode !== 'consult') return;
    if (this.asked !== agent) this.letOut();
    this.hold(this.asked);
  }

  putOnHold(agent: string, milliseconds = Number.POSITIVE_INFINITY): void {
    if (!this.isHers(agent) || this.mode !== 'plain') return;
    this.mode = 'hold';
    this.holdUntil = this.now + milliseconds;
  }

  resume(agent: string): void {
    if (this.isHers(agent)) this.unhold();
  }

  wrap(agent: string): void {
    if (!this.isHers(agent)) return;
    this.letOut();
    this.keep('resolution');
    this.clocks = [];
    this.phase = 'wrap';
    this.wrapUntil = this.now + WRAP_UP;
  }

  finish(agent: string): void {
    if (this.phase === 'wrap' && this.who === agent) this.close(this.now);
  }

  giveBack(agent: string): void {
    const isHers = (this.phase === 'held' || this.phase === 'wrap') && this.who === agent;
    if (isHers) this.letOut();
    if (isHers) this.keep('resolution');
    if (isHers || this.phase === 'waiting') this.toBot();
  }

  leave(agent: string): void {
    if (this.offered?.to === agent) this.offered = undefined;
    else if (this.phase === 'wrap' && this.who === agent) this.close(this.now);
    else if (this.isHers(agent)) {
      this.letOut();
      this.wait([]);
    } else if (this.phase === 'held' && this.mode === 'consult' && this.asked === agent) this.mode = 'plain';
  }

  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (;;) {
      const due = this.firstDue();
      if (due === undefined || due > until) break;
      this.now = due;
      this.ring();
    }
    this.now = until;
  }

  // — What follows from it —————————————————————————————————————————————————————————————————————————————————

  private isHers(agent: string): boolean {
    return this.phase === 'held' && this.who === agent;
  }

  /** What she said goes out, at the latest before anybody else may speak. */
  private letOut(until = Number.POSITIVE_INFINITY): void {
    const out = this.kept.filter(({ at }) => at <= until);
    this.kept = this.kept.filter(({ at }) => at > until);
    if (out.length === 0) return;
    for (const { agent, text } of out) this.spoken.push(`${agent}: ${text}`);
    if (this.mode === 'hold') this.unhold();
    this.replied = true;
    this.keep('first_reply');
    this.keep('next_reply');
  }

  private unhold(): void {
    this.mode = 'plain';
    this.holdUntil = Number.POSITIVE_INFINITY;
  }

  private wait(promises: readonly Clock[]): void {
    if (promises.length > 0) {
      this.clocks = [];
      this.replied = false;
    }
    Object.assign(this, { phase: 'waiting', who: undefined, offered: undefined, mode: 'plain', asked: undefined });
    for (const clock of promises) this.promise(clock);
    this.choosing = !isOpen(this.now);
    this.askAt = afterOpenMinutes(this.now, MAX_WAIT);
  }

  private hold(agent: string | undefined): void {
    Object.assign(this, {
      phase: 'held',
      who: agent,
      offered: undefined,
      mode: 'plain',
      asked: undefined,
      choosing: false,
    });
  }

  private choose(text: string): void {
    this.choosing = false;
    if (text === '1') this.askAt = afterOpenMinutes(this.now, MAX_WAIT);
    else this.toBot();
  }

  private close(at: number): void {
    Object.assign(this, { phase: 'closed', closedAt: at, mode: 'plain' });
  }

  private toBot(): void {
    this.clocks = [];
    Object.assign(this, { phase: 'bot', who: undefined, offered: undefined, mode: 'plain', choosing: false });
  }

  private promise(clock: Clock): void {
    if (this.clocks.some((running) => running.clock === clock)) return;
    this.clocks.push({ clock, due: afterOpenMinutes(this.now, PROMISED[clock]) });
  }

  private keep(clock: Clock): void {
    if (!this.clocks.some((running) => running.clock === clock)) return;
    this.clocks = this.clocks.filter((running) => running.clock !== clock);
    this.verdicts.push({ clock, met: true });
  }

  private firstDue(): number | undefined {
    const dues = [
      ...this.clocks.map(({ due }) => due),
      ...(this.phase === 'waiting' && this.offered ? [this.offered.until] : []),
      ...(this.phase === 'waiting' && this.askAt < Number.POSITIVE_INFINITY ? [this.askAt] : []),
      ...(this.phase === 'wrap' ? [this.wrapUntil] : []),
      ...this.kept.map(({ at }) => at),
      ...(this.mode === 'hold' && this.holdUntil < Number.POSITIVE_INFINITY ? [this.holdUntil] : []),
    ];
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  private ring(): void {
    for (const { clock, due } of [...this.clocks]) {
      if (due > this.now) continue;
      this.clocks = this.clocks.filter((running) => running.clock !== clock);
      this.verdicts.push({ clock, met: false });
    }
    this.letOut(this.now);
    if (this.mode === 'hold' && this.holdUntil <= this.now) this.unhold();
    if (this.offered && this.offered.until <= this.now) this.offered = undefined;
    if (this.phase === 'waiting' && this.askAt <= this.now) {
      this.askAt = Number.POSITIVE_INFINITY;
      this.choosing = true;
    }
    if (this.phase === 'wrap' && this.wrapUntil <= this.now) this.close(this.wrapUntil);
  }
}

/** Monday to Friday, 9 to 17 o'clock, but for the 25th of November. */
function isOpen(at: number): boolean {
  const date = new Date(at);
  const isWorkday = date.getUTCDay() >= 1 && date.getUTCDay() <= 5 && !date.toISOString().startsWith('2026-11-25');
  return isWorkday && date.getUTCHours() >= 9 && date.getUTCHours() < 17;
}

/** Hour by hour, since doors open and close on the hour. */
function afterOpenMinutes(from: number, minutes: number): number {
  const hour = 60 * MINUTE;
  let left = minutes * MINUTE;
  let at = from;
  while (left > 0) {
    const toTheHour = hour - (at % hour);
    const step = isOpen(at) ? Math.min(toTheHour, left) : toTheHour;
    if (isOpen(at)) left -= step;
    at += step;
  }
  return at;
}
