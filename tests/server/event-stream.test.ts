import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Door, type Frame, openDoor, refusalOf } from './door.ts';

let door: Door;
let token: string;
let conversation: string;
beforeEach(async () => {
  door = await openDoor();
  ({ token, conversation } = await door.open());
});
afterEach(() => door.close());

/** Frames as they come; ends with the stream. */
async function* frames(answer: Response): AsyncGenerator<Frame> {
  let text = '';
  for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
    const events = (text + part).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Frame;
    }
  }
}

test('an event stream says what a socket says, from a place on', async () => {
  door.engine.say(conversation, 'one');
  door.engine.say(conversation, 'two');
  const answer = await door.get('/chat/events?after=1', token);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const heard: Frame[] = [];
  for await (const frame of frames(answer)) {
    heard.push(frame);
    if (frame.type === 'ready') {
      door.engine.typing(conversation, true);
      door.engine.say(conversation, 'three');
    }
    if (frame.message?.seq === 3) break;
  }
  expect(heard.map((frame) => frame.type)).toEqual(['status', 'message', 'ready', 'typing', 'message']);
  expect(heard.map((frame) => frame.message?.text).filter(Boolean)).toEqual(['two', 'three']);
});

test('an event stream resumes from the last event it told', async () => {
  door.engine.say(conversation, 'one');
  const answer = await door.get('/chat/events', token, { 'last-event-id': '1' });
  for await (const frame of frames(answer)) {
    if (frame.type === 'message') throw new Error('told again');
    if (frame.type === 'ready') break;
  }
});

test('an event stream brings a long past, and ends with its client', async () => {
  for (let n = 0; n < 300; n++) door.engine.say(conversation, '数'.repeat(8000));
  const seqs: number[] = [];
  for await (const frame of frames(await door.get('/chat/events', token))) {
    if (frame.message !== undefined) seqs.push(frame.message.seq);
    if (frame.type === 'ready') break;
  }
  expect(seqs).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
  while (door.engine.watchers > 0) await new Promise((resolve) => setTimeout(resolve, 1));
});

test('a reader that does not read is let go', async () => {
  const answer = await door.get('/chat/events', token);
  while (door.engine.watchers === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  for (let n = 0; n < 5000 && door.engine.watchers > 0; n++) {
    door.engine.say(conversation, 'x'.repeat(8000));
    if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(door.engine.watchers).toBe(0);
  await answer.body?.cancel();
});

test('an event stream needs its token in the header', async () => {
  expect(await refusalOf(await door.get('/chat/events'))).toEqual([401, 'chat.unknown_token']);
  expect(await refusalOf(await door.get(`/chat/events?token=${token}`))).toEqual([400, 'chat.token_in_url']);
});

test('an event stream and a waiting poll end when the server stops', async () => {
  const answer = await door.get('/chat/events', token);
  const waiting = door.get('/chat/messages?wait=30', token);
  while (door.engine.watchers < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const stopped = door.stop();
  for await (const _frame of frames(answer));
  expect(((await (await waiting).json()) as { messages: [] }).messages).toEqual([]);
  await stopped;
});
