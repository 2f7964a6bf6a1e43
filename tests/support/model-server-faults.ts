import type { ServerResponse } from 'node:http';
import { chunksOf, completionOf, refusalOf } from './model-server-replies.ts';

/** Everything that models' endpoints are known to do instead of answering. */
export const FAULTS = [
  'stall',
  'cut',
  'rate_limited',
  'rate_limited_long',
  'server_error',
  'html',
  'invalid_json',
  'wrong_schema',
  'empty',
  'no_choices',
  'huge',
  'slow_drip',
  'refusal',
  'too_long',
  'bad_key',
] as const;
export type Fault = (typeof FAULTS)[number];

export function spoil(
  response: ServerResponse,
  fault: Fault,
  { body }: { readonly body: Readonly<Record<string, unknown>> },
): void {
  const model = String(body.model);
  const streams = body.stream === true;
  const say = (text: string, finish?: string) => {
    if (streams) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(chunksOf(model, text).join(''));
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completionOf(model, text, finish)));
    }
  };
  switch (fault) {
    case 'stall':
      // The connection stays open, and nothing ever comes.
      return;
    case 'cut': {
      response.writeHead(200, { 'content-type': streams ? 'text/event-stream' : 'application/json' });
      const [first = '', second = ''] = chunksOf(model, 'This will never be');
      response.write(streams ? first + second : '{"choices": [{"mess');
      return void setTimeout(() => response.destroy(), 20);
    }
    case 'rate_limited':
      return refusalOf(response, 429, { code: 'rate_limit_exceeded' }, { 'retry-after-ms': '20' });
    case 'rate_limited_long':
      return refusalOf(response, 429, { code: 'rate_limit_exceeded' }, { 'retry-after': '120' });
    case 'server_error':
      return refusalOf(response, 503, { message: 'overloaded' });
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<html>Bad gateway</html>');
    case 'invalid_json':
      return say('{"mood": "angry", "because": ');
    case 'wrong_schema':
      return say('{"action": "refunds.create", "amount": 1000000}');
    case 'empty':
      return say('');
    case 'no_choices':
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end('{"choices": []}');
    case 'huge':
      return say('x'.repeat(1024 * 1024));
    case 'slow_drip': {
      // A byte now and then keeps every timeout of silence from going off.
      response.writeHead(200, { 'content-type': streams ? 'text/event-stream' : 'application/json' });
      const drip = setInterval(() => response.write(streams ? ': \n\n' : ' '), 20);
      return void response.on('close', () => clearInterval(drip));
    }
    case 'refusal':
      return say('I cannot help with that.', 'content_filter');
    case 'too_long':
      return refusalOf(response, 400, { code: 'context_length_exceeded' });
    case 'bad_key':
      return refusalOf(response, 401, { code: 'invalid_api_key' });
  }
}
