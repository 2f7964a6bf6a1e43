import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ParleyError } from '../../../src/errors.ts';
import { type Line, openLine, refusalOf, SECRET, type Started } from './line.ts';

let line: Line;
let started: Started;
beforeEach(async () => {
  line = await openLine();
  started = await line.start({ user: { id: 'anna' } });
});
afterEach(() => line.close());

const post = (activity: unknown, bearer = started.token, headers = {}) =>
  line.call('POST', `/conversations/${started.conversationId}/activities`, bearer, activity, headers);
const get = (watermark = '') =>
  line.call('GET', `/conversations/${started.conversationId}/activities?watermark=${watermark}`, started.token);
const events = () => line.engine.inbox.map(({ event }) => event).filter(({ kind }) => kind !== 'opened');
const message = (text: string, more: object = {}) => ({ type: 'message', text, from: { id: 'anna' }, ...more });

describe('an activity', () => {
  test('is on disk when it is answered, with the id that all others see', async () => {
    const { status, body } = await post(message('hello', { locale: 'zh-CN' }));
    expect([status, body]).toEqual([200, { id: `${started.conversationId}|0000001` }]);
    expect(line.engine.inbox.at(-1)).toMatchObject({
      account: 'line',
      address: started.conversationId,
      event: { kind: 'message', text: 'hello' },
      locale: 'zh-CN',
    });
    expect((await get()).body).toMatchObject({ activities: [{ id: body.id, text: 'hello' }], watermark: '1' });
  });

  test.each([
    ['its clientActivityID', { channelData: { clientActivityID: '1637.x7' } }],
    ['its id', { id: 'mine-1' }],
  ])('is taken once by %s', async (_name, named) => {
    const first = await post(message('hello', named));
    const second = await post(message('hello', named));
    expect(second.body).toEqual(first.body);
    expect(events()).toHaveLength(1);
  });

  test('that comes twice at once is taken once', async () => {
    const twin = message('hello', { channelData: { clientActivityID: 'c1' } });
    const [first, second] = await Promise.all([post(twin), post(twin)]);
    expect(first.body).toEqual(second.body);
    expect(events()).toHaveLength(1);
  });

  test('of the same name by somebody else is another one', async () => {
    for (const id of ['anna', 'ben']) await post(message('hello', { id: 'm1', from: { id } }), SECRET);
    expect(events()).toHaveLength(2);
  });

  test('without a name is taken as often as it comes', async () => {
    for (const _ of [1, 2]) await post(message('hello'));
    expect(events()).toHaveLength(2);
  });

  test('is echoed as hers, with her client’s name for it', async () => {
    await post(message('hi', { from: { id: 'a/b:c%' }, channelData: { clientActivityID: 'c:1' } }), SECRET);
    expect((await get()).body.activities).toMatchObject([
      { from: { id: 'a/b:c%', role: 'user' }, channelData: { clientActivityID: 'c:1' }, textFormat: 'plain' },
    ]);
  });

  test('with half a character for a name is taken, and once', async () => {
    for (const _ of [1, 2])
      expect((await post(message('hi', { id: 'x\uD83D', from: { id: 'y\uDE00' } }), SECRET)).status).toBe(200);
    expect(events()).toHaveLength(1);
  });

  test('is from whom the token names, whatever it says', async () => {
    await post(message('hi', { from: { id: 'ben' } }));
    expect((await get()).body.activities).toMatchObject([{ from: { id: 'anna' } }]);
  });

  test.each([
    ['messageBack', { value: { choice: 'o1.0' }, text: 'Yes', channelData: { messageBack: { displayText: 'Yes' } } }],
    ['postBack', { value: { choice: 'o1.0' }, channelData: { postBack: true } }],
    ['a card’s form', { value: { choice: 'o1.0,o1.2' }, channelData: { postBack: true } }],
    ['imBack of a client that knows texts only', { text: '{"choice":"o1.0"}' }],
    ['a value that was written out', { value: '{"choice":"o1.0"}' }],
  ])('that taps a choice by %s is one', async (_name, tapped) => {
    await post({ type: 'message', from: { id: 'anna' }, ...tapped });
    expect(events()).toEqual([{ kind: 'choice', token: expect.stringMatching(/^o1\.0(,o1\.2)?$/) }]);
  });

  test('that brings a filled-in form is one, its fields cleaned, and nothing else of it', async () => {
    const value = {
      form: 'form1',
      'field.day': '2026-12-24',
      'field.floors': 3,
      'field.note': 'ring\u200B',
      choice: 7,
    };
    await post({ type: 'message', from: { id: 'anna' }, value, channelData: { postBack: true } });
    const values = { day: '2026-12-24', floors: '3', note: 'ring' };
    expect(events()).toEqual([{ kind: 'form', token: 'form1', values }]);
  });

  test('that brings more than a form may have is refused', async () => {
    const fields = Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`field.${index}`, 'x'.repeat(3_000)]));
    const answer = await post({ type: 'message', from: { id: 'anna' }, value: { form: 'form1', ...fields } });
    expect(answer.status).toBe(413);
    expect(events()).toEqual([]);
  });

  test.each([
    ['words in braces', '{"choice":"o1.0" or not}'],
    ['JSON of its own', '{"choice":["o1.0"]}'],
    ['JSON that reaches for a prototype', '{"__proto__":{"choice":"o1.0"}}'],
  ])('with %s is words', async (_name, text) => {
    await post(message(text));
    expect(events()).toEqual([{ kind: 'message', text }]);
  });

  test('that says nothing (typing, an event) is answered, and nothing comes of it', async () => {
    for (const type of ['typing', 'event', 'conversationUpdate', 'endOfConversation']) {
      const { status, body } = await post({ type, name: 'webchat/join', from: { id: 'anna' } });
      expect([status, typeof body.id]).toEqual([200, 'string']);
    }
    expect(events()).toEqual([]);
  });

  test('has its words cleaned of what nobody sees', async () => {
    await post(message('pay \u202Eeno\u202C\u200B\r\nnow'));
    expect(events()).toEqual([{ kind: 'message', text: 'pay eno\nnow' }]);
  });

  test('with a file that lies elsewhere names it, and it is not fetched', async () => {
    const attachments = [{ contentType: 'image/png', contentUrl: 'http://169.254.169.254/x.png', name: 'mug.png' }];
    await post(message('look', { attachments }));
    expect(events()).toEqual([{ kind: 'message', text: 'look\nmug.png: http://169.254.169.254/x.png' }]);
  });

  test('with null for what it has not is taken, as .NET writes it', async () => {
    const { status } = await post(message('hi', { id: null, value: null, channelData: null, attachments: null }));
    expect(status).toBe(200);
  });

  test.each([
    ['no type', { text: 'hi' }, 400, 'BadArgument'],
    ['no words', { type: 'message', text: ' \u200B' }, 400, 'MissingProperty'],
    ['a text that is none', { type: 'message', text: 7 }, 400, 'BadArgument'],
    ['eleven files', { type: 'message', text: 'x', attachments: Array(11).fill({}) }, 400, 'BadArgument'],
    ['a name as long as a book', { type: 'message', text: 'x', id: 'x'.repeat(300) }, 400, 'BadArgument'],
    ['too many words', { type: 'message', text: 'x'.repeat(8_001) }, 413, 'MessageSizeTooBig'],
    ['too many bytes', { type: 'message', value: 'x'.repeat(300_000) }, 413, 'MessageSizeTooBig'],
    ['a list instead', [message('hi')], 400, 'BadArgument'],
  ])('with %s is refused', async (_name, activity, status, code) => {
    expect(refusalOf(await post(activity))).toEqual([status, code]);
    expect(events()).toEqual([]);
  });

  test.each([
    ['half of one', '{"type":'],
    ['too deep', `{"type":"message","value":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['after a prototype', '{"type":"message","text":"x","__proto__":{}}'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('as JSON that is %s is refused', async (_name, body) => {
    expect(refusalOf(await post(body, started.token, { 'content-type': 'application/json' }))).toEqual([
      400,
      'BadArgument',
    ]);
  });

  test('comes no faster than people write', async () => {
    await line.close();
    line = await openLine({ limits: { visitor: { burst: 2, per_minute: 60 } } });
    // By a token: the business's own server is not limited.
    const { body } = await line.call('POST', '/tokens/generate', SECRET);
    started = (await line.call('POST', '/conversations', String(body.token))).body as never;
    const answers = [await post(message('a')), await post(message('b')), await post(message('c'))];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get('retry-after')).toBe('1');
  });

  test('that cannot be kept is not taken, and the client told to come again', async () => {
    line.engine.breakWith(new ParleyError('store.full', 'The disk is full.', { retryable: true }));
    const answer = await post(message('hi'));
    expect([...refusalOf(answer), answer.headers.has('retry-after')]).toEqual([503, 'ServiceError', true]);
    line.engine.breakWith(new Error('a secret path: /var/x'));
    const broken = await post(message('hi'));
    expect(broken.status).toBe(500);
    expect(JSON.stringify(broken.body)).not.toContain('/var/x');
  });

  test('to a conversation that nobody began is refused', async () => {
    const path = '/conversations/nobodys/activities';
    expect(refusalOf(await line.call('POST', path, SECRET, message('hi')))).toEqual([404, 'ConversationNotFound']);
  });
});

interface Page {
  readonly body: { readonly activities: readonly { readonly text: string }[]; readonly watermark: string };
}

describe('a watermark', () => {
  test('leads through a long conversation page by page, each line once', async () => {
    const inside = await line.inside(started.conversationId);
    for (let said = 1; said <= 250; said++) line.engine.say(inside, `line ${said}`);
    const heard: unknown[] = [];
    let watermark = '';
    for (let page = 0; page < 4; page++) {
      const { body } = (await get(watermark)) as unknown as Page;
      heard.push(...body.activities.map(({ text }) => text));
      ({ watermark } = body);
    }
    expect(heard).toEqual(Array.from({ length: 250 }, (_, index) => `line ${index + 1}`));
    expect(watermark).toBe('250');
  });

  test('that we never gave is refused, and one from ahead stays', async () => {
    expect(refusalOf(await get('-5'))).toEqual([400, 'BadArgument']);
    expect(refusalOf(await get('1e9'))).toEqual([400, 'BadArgument']);
    expect((await get('99')).body).toEqual({ activities: [], watermark: '99' });
  });
});

describe('an upload', () => {
  const png = new Uint8Array(Buffer.from('89504e470d0a1a0a', 'hex'));
  const path = (user = '') => `/conversations/${started.conversationId}/upload${user && `?userId=${user}`}`;
  const upload = (form: FormData) => line.call('POST', path('anna'), started.token, form);
  const form = (...parts: [string, string | Uint8Array<ArrayBuffer>, string, string][]) => {
    const made = new FormData();
    for (const [name, bytes, type, file] of parts) made.append(name, new Blob([bytes], { type }), file);
    return made;
  };

  test('of several files with an activity is one message', async () => {
    const activity = JSON.stringify(message('both', { channelData: { clientActivityID: 'c9' } }));
    const parts = () =>
      form(
        ['activity', activity, 'application/vnd.microsoft.activity', 'blob'],
        ['file', png, 'image/png', '../../etc/mug.png'],
        ['file', 'hello', 'text/html', 'note.txt'],
      );
    const first = await upload(parts());
    expect((await upload(parts())).body).toEqual(first.body);
    expect(events()).toMatchObject([
      {
        text: 'both',
        attachments: [
          { name: 'mug.png', type: 'image/png' },
          { name: 'note.txt', type: 'text/plain' },
        ],
      },
    ]);
    expect((await get()).body.activities).toMatchObject([
      {
        text: 'both',
        attachments: [
          { contentType: 'image/png', contentUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/chat\/files\//) },
          { contentType: 'text/plain' },
        ],
        channelData: { clientActivityID: 'c9' },
      },
    ]);
  });

  test('of one file as it is has its name beside it', async () => {
    const headers = { 'content-type': 'image/png', 'content-disposition': 'name="file"; filename="mug.png"' };
    await line.call('POST', path(), started.token, png, headers);
    expect(events()).toMatchObject([{ text: '', attachments: [{ name: 'mug.png' }] }]);
  });

  test.each([
    ['a program', form(['file', new Uint8Array([0x4d, 0x5a, 0x90, 0x00]), 'image/png', 'x.png']), 415],
    ['no file', form(['activity', '{"type":"message"}', 'application/vnd.microsoft.activity', 'blob']), 400],
    ['more than we take', form(['file', 'x'.repeat(70_000), 'text/plain', 'x.txt']), 413],
  ])('of %s is refused', async (_name, made, status) => {
    expect((await upload(made)).status).toBe(status);
    expect(events()).toEqual([]);
  });

  test('is refused when the conversation has no room left', async () => {
    const file = (letter: string) => form(['file', letter.repeat(60_000), 'text/plain', `${letter}.txt`]);
    expect((await upload(file('a'))).status).toBe(200);
    expect((await upload(file('b'))).status).toBe(413);
  });

  test('whose form cannot be read is refused', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect(refusalOf(await line.call('POST', path(), started.token, 'no form', headers))).toEqual([400, 'BadArgument']);
  });
});
