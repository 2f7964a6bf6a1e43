import { codeOf } from './errors.ts';

/**
 * The log of a deployment: an event's stable name (`session.opened`) and a few facts. It never carries what customers wrote, who
 * they are, or what opens a door: only the fields of an allow-list pass and the rest is left out, so a careless call leaks nothing.
 */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error: thrown` among the fields becomes its code and the places it came from, never its words. */
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;
export type LogLevel = 'info' | 'warn' | 'error';

/** Facts of the machine, never of a person. Text among them is meant to be codes and names from the code or the flows. */
const ALLOWED = new Set(
  (
    'account action attempt channel code conversation count effect flow host kind line method ms pid port queue reason route ' +
    'seq signal size status step store version'
  ).split(' '),
);

/** Text longer than this is not a code or a name. */
const TEXT_LIMIT = 200;
const FRAMES = 6;

/**
 * JSON lines (by pino) on `stderr`, one readable line an event when `stderr` is a terminal.
 * Asynchronous because pino costs 15–20 ms to load, and a terminal does without.
 */
export async function createLog(
  options: { level?: LogLevel | 'silent'; pretty?: boolean; write?: (line: string) => void } = {},
): Promise<Log> {
  const level = options.level ?? 'info';
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  if (level === 'silent') return toLog(() => undefined, 'error');
  if (options.pretty ?? process.stderr.isTTY) return toLog((...line) => write(prettyLine(...line)), level);
  const { pino, stdTimeFunctions } = await import('pino');
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return toLog((at, event, fields) => lines[at](fields, event), level);
}

type Emit = (level: LogLevel, event: string, fields: Record<string, string | number | boolean>) => void;

function toLog(emit: Emit, from: LogLevel): Log {
  const at = (level: LogLevel) =>
    SEVERITY[level] < SEVERITY[from]
      ? () => undefined
      : (event: string, fields: LogFields = {}) => emit(level, clean(event), redact(fields));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { info: 0, warn: 1, error: 2 };

function redact(fields: LogFields): Record<string, string | number | boolean> {
  const safe: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'error') {
      safe.code = clean(codeOf(value));
      const from = framesOf(value);
      if (from !== '') safe.from = from;
    } else if (ALLOWED.has(key)) {
      if (typeof value === 'string') safe[key] = clean(value);
      else if (typeof value === 'number' || typeof value === 'boolean') safe[key] = value;
    }
  }
  return safe;
}

/** Where an error came from. Its message is left out: it may quote a customer. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return '';
  return error.stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().slice(3).replace(CONTROLS, ''))
    .join(' < ');
}

/** One line stays one line, and a terminal is not written to by strangers: controls, ANSI's ESC among them, are taken out. */
function clean(text: string): string {
  return text.replace(CONTROLS, '').slice(0, TEXT_LIMIT);
}

const CONTROLS = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

function prettyLine(level: LogLevel, event: string, fields: Record<string, string | number | boolean>): string {
  const time = new Date().toISOString().slice(11, 19);
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
  return `${[time, level.padEnd(5), event, ...facts].join(' ')}\n`;
}
