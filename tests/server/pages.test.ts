import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Door, openDoor, refusalOf } from './door.ts';

let door: Door;
let shop: Server;
let builds = 0;
beforeEach(async () => {
  shop = createHttpServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ asked: request.url }));
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  builds = 0;
  door = await openDoor(
    {},
    {
      widget: async () => {
        builds += 1;
        return { loader: 'load()', widget: 'chat()', hash: 'abc123', form: 'ask()', formHash: 'def456' };
      },
      demo: {
        page: new Map([
          ['index.html', { type: 'text/html; charset=utf-8', body: '<!doctype html>' }],
          ['page.css', { type: 'text/css', body: 'body{}' }],
        ]),
        shop: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
      },
    },
  );
});
afterEach(async () => {
  await door.close();
  shop.closeAllConnections();
  shop.close();
});

describe('the widget’s scripts', () => {
  test('are built once, for any site, and not sent twice', async () => {
    const loader = await door.get('/widget.js', undefined, { origin: 'https://any.example' });
    expect(await loader.text()).toBe('load()');
    expect(loader.headers.get('access-control-allow-origin')).toBe('*');
    expect(loader.headers.get('cache-control')).toBe('no-cache');
    const again = await door.get('/widget.js', undefined, { 'if-none-match': loader.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(builds).toBe(1);
  });

  test('are kept for good under the address that names their content, and only there', async () => {
    expect((await door.get('/widget-app.js?abc123')).headers.get('cache-control')).toContain('immutable');
    expect((await door.get('/widget-app.js?old')).headers.get('cache-control')).toBe('no-cache');
    const form = await door.get('/widget-form.js?def456');
    expect([await form.text(), form.headers.get('cache-control')]).toEqual([
      'ask()',
      expect.stringContaining('immutable'),
    ]);
    expect((await door.get('/widget-form.js?abc123')).headers.get('cache-control')).toBe('no-cache');
  });
});

describe('the demo', () => {
  test('begins at its page, under a strict policy', async () => {
    const root = await door.get('/');
    expect([root.status, root.headers.get('location')]).toEqual([302, '/chat']);
    const page = await door.get('/chat');
    expect(await page.text()).toBe('<!doctype html>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect((await door.get('/demo/page.css')).headers.get('content-type')).toBe('text/css');
    expect(await refusalOf(await door.get('/demo/other.css'))).toEqual([404, 'server.not_found']);
  });

  test('shows the shop’s people and mail, and nothing else of the shop', async () => {
    expect(await (await door.get('/demo/people.json')).json()).toEqual({ asked: '/demo/people' });
    expect(await (await door.get('/demo/mailbox/ann%40x.example')).json()).toEqual({
      asked: '/mailbox/ann%40x.example',
    });
    expect((await door.get('/demo/mailbox/..%2forders')).status).toBe(200);
    expect(await (await door.get('/demo/mailbox/..%2forders')).json()).toEqual({ asked: '/mailbox/..%2Forders' });
  });

  test('says so when the shop is away', async () => {
    shop.closeAllConnections();
    await new Promise((resolve) => shop.close(resolve));
    expect(await refusalOf(await door.get('/demo/people.json'))).toEqual([502, 'demo.shop_away']);
  });

  test('is not there in a real deployment', async () => {
    await door.close();
    door = await openDoor();
    for (const path of ['/', '/widget.js', '/demo/people.json'])
      expect(await refusalOf(await door.get(path))).toEqual([404, 'server.not_found']);
  });
});
