import { describe, expect, test } from '@jest/globals';
import type { ChatMessage } from '../../../channels/web/widget/protocol.ts';
import {
  acknowledge,
  EMPTY,
  mark,
  openChoices,
  receive,
  resumeAfter,
  unread,
} from '../../../channels/web/widget/timeline.ts';

const said = (seq: number, from: ChatMessage['from'], more: Partial<ChatMessage> = {}): ChatMessage => ({
  seq,
  from,
  text: `${seq}`,
  ...more,
});
const of = (...messages: ChatMessage[]) => messages.reduce(receive, EMPTY);
const seqs = (timeline: ReturnType<typeof of>) => timeline.messages.map(({ seq }) => seq);

describe('the timeline', () => {
  test('orders by number and takes a message once', () => {
    expect(seqs(of(said(2, 'bot'), said(1, 'customer'), said(2, 'bot'), said(3, 'bot')))).toEqual([1, 2, 3]);
  });

  test('an acknowledgement does not skip what the server has yet to push', () => {
    const timeline = acknowledge(of(said(1, 'bot')), { id: 'a', text: 'hi', at: 0 }, 3);
    expect(seqs(timeline)).toEqual([1, 3]);
    expect(resumeAfter(timeline)).toBe(1);
  });

  test('resumes before its own last message until that is read, so that no status is missed', () => {
    const timeline = of(said(1, 'bot'), said(2, 'customer', { status: 'sent' }), said(3, 'bot'));
    expect(resumeAfter(timeline)).toBe(1);
    expect(resumeAfter(mark(timeline, 2, 'read'))).toBe(3);
  });

  test('a status counts for everything before it', () => {
    const timeline = mark(of(said(1, 'customer'), said(2, 'bot'), said(3, 'customer')), 3, 'delivered');
    expect(timeline.messages.map(({ status }) => status)).toEqual(['delivered', undefined, 'delivered']);
  });

  test('choices are open until the customer has said something', () => {
    const choices = [{ token: 'y', label: 'Yes' }];
    const asked = of(said(1, 'bot', { choices }), said(2, 'bot'));
    expect(openChoices(asked, [])?.seq).toBe(1);
    expect(openChoices(asked, [{ id: 'a', text: 'hm', at: 0 }])).toBeUndefined();
    expect(openChoices(receive(asked, said(3, 'customer')), [])).toBeUndefined();
    const day = receive(asked, said(3, 'bot', { input: 'date' }));
    expect(openChoices(day, [])?.seq).toBe(3);
    const form = { token: 'form1', title: 'Both', submit: 'Send', fields: [] };
    expect(openChoices(receive(day, said(4, 'bot', { form })), [])?.seq).toBe(4);
  });

  test('counts what others said since it was last read', () => {
    expect(unread(of(said(1, 'bot'), said(2, 'customer'), said(3, 'agent')), 1)).toBe(1);
  });
});
