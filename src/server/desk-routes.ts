import { Hono } from 'hono';
import { JSON_LIMIT, readBytes } from './body.ts';
import type { Env } from './chat-routes.ts';
import { Refusal } from './refusal.ts';

/** By kind of desk: what takes its platform's calls. It verifies them itself. */
export type CalledDesks = ReadonlyMap<string, (request: Request) => Promise<Response>>;

/** `/desks/<kind>`: where the platforms call that agents work in. */
export function deskRoutes(desks: CalledDesks): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post('/:kind', async (c) => {
    const desk = desks.get(c.req.param('kind'));
    if (desk === undefined) {
      throw new Refusal(404, 'desk.unknown', 'No desk takes calls here.', {
        hint: 'Compare the address with `desk:` in parley.yaml.',
      });
    }
    const { url, headers } = c.req.raw;
    return desk(new Request(url, { method: 'POST', headers, body: await readBytes(c.req.raw, JSON_LIMIT) }));
  });
  return routes;
}
