import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decrypt, getSignature } from '@wecom/crypto';
import { readXml } from '../../../channels/tencent/xml.ts';
import { openSimulator, type Simulator } from '../../../channels/wecom/simulator.ts';
import { until } from '../../journeys/process.ts';

/**
 * The stand-in counts only because Tencent's own library lives with it: what it sends is verified and decrypted by nothing of ours.
 */
let wecom: Simulator;
let server: Server;
let url: string;
/** What came, as Tencent's library reads it. */
let heard: { readonly message: string; readonly id: string }[];
/** What the next calls are answered with. */
let answers: number[];

beforeEach(async () => {
  wecom = await openSimulator({ sleep: async () => undefined });
  heard = [];
  answers = [];
  server = createServer((request, response) => {
    void open(request).then((opened) => {
      heard.push(opened);
      response.writeHead(answers.shift() ?? 200).end(request.method === 'GET' ? opened.message : '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
});
afterEach(async () => {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
  await wecom.close();
});

async function open(request: IncomingMessage) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const { searchParams: query } = new URL(request.url ?? '', url);
  const given = (name: string) => query.get(name) ?? '';
  const ciphertext = request.method === 'GET' ? given('echostr') : String(readXml(Buffer.concat(chunks)).Encrypt);
  const signature = getSignature(wecom.token, given('timestamp'), given('nonce'), ciphertext);
  if (signature !== given('msg_signature')) throw new Error('The signature is not what Tencent’s library makes it.');
  return decrypt(wecom.aesKey, ciphertext);
}

const events = () => heard.map(({ message }) => readXml(new TextEncoder().encode(message)).Event);

describe('a callback of the stand-in, read by Tencent’s own library', () => {
  test('is what an address is saved with', async () => {
    expect(await wecom.callbacks.connect(url)).toBe(true);
    expect(heard).toMatchObject([{ message: expect.stringMatching(/^\d+$/), id: wecom.corpId }]);
    answers = [500];
    expect(await wecom.callbacks.connect(url)).toBe(false);
  });

  test('says that there is something, and where', async () => {
    wecom.callbacks.use(url);
    wecom.customer().say('hello');
    await wecom.callbacks.settled();
    const [first] = heard;
    expect(first?.id).toBe(wecom.corpId);
    expect(readXml(new TextEncoder().encode(first?.message))).toMatchObject({
      ToUserName: wecom.corpId,
      MsgType: 'event',
      Event: 'kf_msg_or_event',
      OpenKfId: wecom.accounts[0],
      Token: expect.stringMatching(/^ENC/),
    });
  });

  test('comes again until it is taken, and no more than four times', async () => {
    wecom.callbacks.use(url);
    answers = [500, 503];
    wecom.customer().say('hello');
    await wecom.callbacks.settled();
    expect(wecom.callbacks.answers).toEqual([500, 503, 200]);
    answers = [500, 500, 500, 500, 500];
    wecom.customer().say('hello');
    await wecom.callbacks.settled();
    expect(wecom.callbacks.answers).toHaveLength(7);
  });

  test('comes as twins, late, in another order, or not at all', async () => {
    wecom.callbacks.use(url);
    wecom.callbacks.mischief.duplicate = true;
    wecom.callbacks.hold();
    wecom.customer().say('one');
    wecom.callbacks.post('<xml><Event>another</Event></xml>');
    expect(heard).toEqual([]);
    wecom.callbacks.release({ reversed: true });
    await until(() => heard.length === 4, 'four callbacks');
    expect(events()).toEqual(['another', 'another', 'kf_msg_or_event', 'kf_msg_or_event']);
    wecom.callbacks.mischief.lost = 1;
    wecom.customer().say('two');
    await wecom.callbacks.settled();
    expect(heard).toHaveLength(4);
  });
});
