import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { Refusal } from './refusal.ts';
import { PAGE_HEADERS } from './security-headers.ts';

export interface PageParts {
  /** The widget's scripts: the loader that a business embeds, what it loads, and what that loads when there is a form. */
  readonly widget?: () => Promise<Widget>;
  readonly demo?: Demo;
  /** Answers `/console/desk` and everything under it. */
  readonly desk?: (request: Request) => Promise<Response>;
}

export interface Widget {
  readonly loader: string;
  readonly widget: string;
  /** Of `widget`: the loader asks for `/widget-app.js?<hash>`. */
  readonly hash: string;
  readonly form: string;
  /** Of `form`: the widget asks for `/widget-form.js?<hash>`. */
  readonly formHash: string;
}

/** A business's page to try the chat on, and the demo shop's people and mail beside it. */
export interface Demo {
  /** The files of the page by name; `index.html` is the page. */
  readonly page: ReadonlyMap<string, DemoFile>;
  /** Where the shop answers: `http://127.0.0.1:4000`. Absent where there is a page and no shop. */
  readonly shop?: string;
  /** Answers everything under `/playground`. */
  readonly playground?: (request: Request) => Promise<Response>;
}

export interface DemoFile {
  readonly type: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** The widget's scripts, and in the demo the page that embeds them. */
export function pageRoutes({ widget, demo, desk }: PageParts): Hono {
  const routes = new Hono();

  if (widget !== undefined) {
    let built: Promise<Widget> | undefined;
    // Built when first asked for: a start should not wait for it.
    const build = () => {
      built ??= widget();
      return built;
    };
    routes.get('/widget.js', async (c) => script(c.req.raw, (await build()).loader));
    routes.get('/widget-app.js', async (c) => {
      const { widget, hash } = await build();
      return script(c.req.raw, widget, new URL(c.req.url).search === `?${hash}`);
    });
    routes.get('/widget-form.js', async (c) => {
      const { form, formHash } = await build();
      return script(c.req.raw, form, new URL(c.req.url).search === `?${formHash}`);
    });
  }
  if (desk !== undefined) {
    routes.all('/console/desk', (c) => desk(c.req.raw));
    routes.all('/console/desk/*', (c) => desk(c.req.raw));
  }
  if (demo !== undefined) {
    const { playground } = demo;
    routes.get('/', (c) => c.redirect(playground === undefined ? '/chat' : '/playground', 302));
    if (playground !== undefined) {
      routes.all('/playground', (c) => playground(c.req.raw));
      routes.all('/playground/*', (c) => playground(c.req.raw));
    }
    routes.get('/chat', () => page(demo, 'index.html'));
    const { shop } = demo;
    if (shop !== undefined) {
      routes.get('/demo/people.json', () => fromShop(shop, '/demo/people'));
      routes.get('/demo/mailbox/:email', (c) => fromShop(shop, `/mailbox/${encodeURIComponent(c.req.param('email'))}`));
    }
    routes.get('/demo/:file', (c) => page(demo, c.req.param('file')));
  }
  return routes;
}

/** @param forGood its address names its content, so a browser need never ask again */
function script(request: Request, body: string, forGood = false): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': forGood ? 'public, max-age=31536000, immutable' : 'no-cache',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    etag,
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}

function page(demo: Demo, name: string): Response {
  const file = demo.page.get(name);
  if (file === undefined) throw new Refusal(404, 'server.not_found', 'There is nothing at this address.');
  return new Response(file.body, {
    headers: { ...PAGE_HEADERS, 'content-type': file.type, 'cache-control': 'no-cache' },
  });
}

async function fromShop(shop: string, path: string): Promise<Response> {
  const { request } = await import('undici');
  try {
    // No kept connection: a shop that was started again on its port would answer it with a reset.
    const answer = await request(new URL(path, shop), { reset: true, headersTimeout: 5_000, bodyTimeout: 5_000 });
    const type = answer.headers['content-type'];
    return new Response(await answer.body.text(), {
      status: answer.statusCode,
      headers: { 'content-type': typeof type === 'string' ? type : 'application/json', 'cache-control': 'no-store' },
    });
  } catch (cause) {
    throw new Refusal(502, 'demo.shop_away', 'The demo shop does not answer.', {
      hint: 'It is started by `npm start`; see its lines in the terminal.',
      cause,
    });
  }
}
