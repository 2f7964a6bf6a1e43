import { Hono } from 'hono';
import type { Engine } from '../engine/engine.ts';
import type { Connections } from './connections.ts';
import type { Metrics } from './metrics.ts';

/** `/healthz`: the process lives. `/readyz`: it can take work. `/metrics`: figures, as Prometheus reads them. */
export function healthRoutes(engine: Engine, metrics: Metrics, connections: Connections): Hono {
  const routes = new Hono();

  routes.get('/healthz', (c) => c.json({ status: 'ok' }));

  routes.get('/readyz', (c) => {
    const health = engine.health();
    const reasons: string[] = [];
    if (health.store !== 'ok') reasons.push(health.store);
    if (health.stopping) reasons.push('stopping');
    // The outbox's age is told but is no reason: one channel that does not answer must not take the others down.
    const { outboxAge, quarantined, dead } = health;
    return c.json(
      { ready: reasons.length === 0, reasons, outboxAge, quarantined, dead },
      reasons.length === 0 ? 200 : 503,
    );
  });

  routes.get('/metrics', (c) => {
    const { outboxAge, waiting, quarantined, dead, shut, slow, models } = engine.health();
    const text = metrics.write([
      { name: 'parley_outbox_age_milliseconds', help: 'How long the oldest due effect has waited.', value: outboxAge },
      { name: 'parley_waiting_conversations', help: 'Conversations with something still to be sent.', value: waiting },
      { name: 'parley_quarantined_events', help: 'Events set aside after repeated failures.', value: quarantined },
      { name: 'parley_dead_effects', help: 'Effects given up, waiting for an operator.', value: dead },
      { name: 'parley_accounts_shut', help: 'Accounts whose secrets their platform refuses.', value: shut.length },
      { name: 'parley_slow_turns', help: 'Turns that held everybody up.', value: slow?.turns ?? 0 },
      {
        name: 'parley_event_loop_delay_milliseconds',
        help: 'The longest that everything had to wait in the last minute.',
        value: slow?.delay ?? 0,
      },
      { name: 'parley_model_asked', help: 'Questions to models.', value: models?.asked ?? 0 },
      { name: 'parley_model_failed', help: 'Of those, without an answer.', value: models?.failed ?? 0 },
      { name: 'parley_model_cached', help: 'Of those, answered from the cache.', value: models?.cached ?? 0 },
      { name: 'parley_model_tokens', help: 'Tokens used, in and out.', value: models?.tokens ?? 0 },
      { name: 'parley_model_cost', help: 'What they cost, by the prices in parley.yaml.', value: models?.cost ?? 0 },
      { name: 'parley_connections', help: 'Open sockets, event streams and waiting polls.', value: connections.size },
      { name: 'process_resident_memory_bytes', help: 'Resident memory.', value: process.memoryUsage.rss() },
    ]);
    return c.text(text, 200, { 'content-type': 'text/plain; version=0.0.4' });
  });

  return routes;
}
