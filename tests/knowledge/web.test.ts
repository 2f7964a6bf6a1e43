import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fetchPage } from '../../src/knowledge/outside.ts';
import { readPages } from '../../src/knowledge/web.ts';

let site: Server;
let host: string;
const asked: string[] = [];

const ANSWERS: Readonly<
  Record<string, (host: string) => { status?: number; type?: string; location?: string; body?: string }>
> = {
  '/sitemap.xml': (at) => ({
    type: 'application/xml',
    body: `<urlset><url><loc>http://${at}/help.html</loc></url><url><loc>http://${at}/gone</loc></url><url><loc>http://169.254.169.254/secret</loc></url><url><loc>http://${at}/moved</loc></url><url><loc>http://${at}/file.pdf</loc></url></urlset>`,
  }),
  '/index.xml': (at) => ({
    body: `<sitemapindex><sitemap><loc>http://${at}/sitemap.xml</loc></sitemap></sitemapindex>`,
  }),
  '/help.html': () => ({ type: 'text/html; charset=utf-8', body: '<title>Help</title><p>Wash wool by hand.</p>' }),
  '/moved': () => ({ status: 302, location: '/help.html' }),
  '/away': () => ({ status: 302, location: 'http://127.0.0.1:1/' }),
  '/round': () => ({ status: 302, location: '/round' }),
  '/file.pdf': () => ({ type: 'application/pdf', body: '%PDF' }),
  '/big': () => ({ type: 'text/html', body: 'x'.repeat(5 * 1024 * 1024) }),
};

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push(request.url ?? '');
    const {
      status = 200,
      type = 'text/xml',
      location,
      body = '',
    } = ANSWERS[request.url ?? '']?.(host) ?? { status: 404 };
    response.writeHead(status, { 'content-type': type, ...(location && { location }) }).end(body);
  });
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
});

afterAll(async () => {
  site.closeAllConnections();
  await new Promise((done) => site.close(done));
});

const { signal } = new AbortController();
const get = (path: string) => fetchPage(`http://${host}${path}`, { hosts: new Set([host]), inside: true, signal });

describe('pages of the web', () => {
  test.each(['/sitemap.xml', '/index.xml'])('are read from %s, and those that cannot be had are told', async (list) => {
    const { documents, listed, troubles } = await readPages(
      { urls: [], sitemap: `http://${host}${list}` },
      signal,
      true,
    );
    expect(documents).toMatchObject([
      { id: `http://${host}/help.html`, kind: 'html', facts: { url: `http://${host}/help.html` } },
      { id: `http://${host}/moved`, kind: 'html', facts: { url: `http://${host}/help.html` } },
    ]);
    expect(listed?.size).toBe(5);
    expect(troubles.map(({ url }) => new URL(url).pathname)).toEqual(['/gone', '/secret', '/file.pdf']);
  });

  test('keep what was read when the list itself cannot be had', async () => {
    const { listed, troubles } = await readPages({ urls: [], sitemap: `http://${host}/none.xml` }, signal, true);
    expect(listed).toBeUndefined();
    expect(troubles).toHaveLength(1);
  });

  test.each(['/away', '/round', '/gone', '/big'])('at %s are refused', async (path) => {
    await expect(get(path)).rejects.toMatchObject({ code: 'knowledge.refused' });
  });

  test.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://localhost/',
    'file:///etc/passwd',
  ])('inside our own network are never asked for: %s', async (url) => {
    const hosts = new Set([new URL(url).host]);
    await expect(fetchPage(url, { hosts, signal })).rejects.toMatchObject({ code: 'knowledge.refused' });
  });
});
