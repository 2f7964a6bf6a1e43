/** Counters since the process began, by name and labels, written as Prometheus text. */
export interface Metrics {
  count(name: CounterName, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** @param gauges what is measured at the moment of asking, rather than counted */
  write(gauges: readonly Gauge[]): string;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

export type CounterName = keyof typeof COUNTERS;

const COUNTERS = {
  parley_sessions_total: 'Conversations opened over web chat.',
  parley_accepted_total: 'Events taken into the inbox, by door.',
  parley_duplicate_total: 'Events that had been taken before and changed nothing, by door.',
  parley_refused_total: 'Requests and frames refused, by code.',
  parley_slow_readers_total: 'Sockets and streams let go because their reader was too slow.',
  parley_reports_total: 'What platforms told of sent messages, by door and status.',
  parley_signals_total: 'Conversations woken by signals.',
} as const;

export function createMetrics(): Metrics {
  const counters = new Map<CounterName, Map<string, number>>();

  return {
    count(name, labels = {}, by = 1) {
      const series = counters.get(name) ?? new Map<string, number>();
      const key = labelText(labels);
      series.set(key, (series.get(key) ?? 0) + by);
      counters.set(name, series);
    },
    write(gauges) {
      const lines: string[] = [];
      for (const [name, help] of Object.entries(COUNTERS)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [labels, value] of counters.get(name as CounterName) ?? []) lines.push(`${name}${labels} ${value}`);
      }
      for (const { name, help, value } of gauges)
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`);
      return `${lines.join('\n')}\n`;
    },
  };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '\\$&')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
