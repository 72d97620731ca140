import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Log } from '../../kernel/log.ts';

/** Numbers as they are at the moment of the scrape. */
export interface MetricSource {
  clients(): Record<string, number>;
  droppedSlow(): number;
  delivered(): number;
  headSeq(): Promise<number>;
}

/** A metric of a feature: numbers by the values of one label, which has to be one of few; `''` where it has none. */
export interface MetricFamily {
  name: string;
  help: string;
  kind: 'gauge' | 'counter';
  /** Absent: a single number. */
  label?: string;
  /** As it is at the moment of the scrape. Counters only rise while the process lives. */
  read(): Promise<Readonly<Record<string, number>>> | Readonly<Record<string, number>>;
}

/** More values of a label than this would cost the reader more than they tell. */
const maxValues = 500;

/** Adds a feature's metrics. One that cannot be read is left out of the answer; the others are there. */
export function addMetrics(registry: Registry, families: readonly MetricFamily[], log: Log): void {
  for (const { name, help, kind, label, read } of families) {
    const options = { name, help, registers: [], labelNames: label === undefined ? [] : [label] };
    const fill = async (set: (labels: Record<string, string>, value: number) => void): Promise<void> => {
      try {
        for (const [value, count] of Object.entries(await read()).slice(0, maxValues))
          set(label === undefined ? {} : { [label]: value }, count);
      } catch (thrown) {
        log.warn({ err: thrown, metric: name }, 'A metric could not be read');
      }
    };
    registry.registerMetric(
      kind === 'gauge'
        ? new Gauge({
            ...options,
            async collect() {
              this.reset();
              await fill((labels, value) => this.set(labels, value));
            },
          })
        : new Counter({
            ...options,
            async collect() {
              this.reset();
              await fill((labels, value) => this.inc(labels, value));
            },
          }),
    );
  }
}

/** What Prometheus reads, and the registry that features add theirs to. */
export interface Metrics {
  registry: Registry;
  /** In Prometheus' own format. */
  text(): Promise<string>;
}

/** A registry of its own: nothing global, so that two servers in one process do not mix. */
export function createMetrics(source: MetricSource, version: string): Metrics {
  const registry = new Registry();
  // Registered here and nowhere else: the library would put them into its global registry.
  const registers: Registry[] = [];
  const info = new Gauge({
    name: 'vigiles_info',
    help: 'Version of the running server',
    labelNames: ['version'],
    registers,
  });
  info.set({ version }, 1);
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  const clients = new Gauge({
    name: 'vigiles_clients',
    help: 'Clients that follow events, by transport',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const [transport, count] of Object.entries(source.clients())) this.set({ transport }, count);
    },
  });
  const head = new Gauge({
    name: 'vigiles_event_head_seq',
    help: 'Sequence number of the last event',
    registers,
    async collect() {
      this.set(await source.headSeq());
    },
  });
  const dropped = counter(
    'vigiles_slow_clients_dropped_total',
    'Clients dropped because they did not read',
    () => source.droppedSlow(),
  );
  const delivered = counter(
    'vigiles_events_delivered_total',
    'Events and live samples given to clients',
    () => source.delivered(),
  );
  for (const metric of [info, clients, head, dropped, delivered]) registry.registerMetric(metric);
  let measured = false;
  return {
    registry,
    text() {
      // The process measures itself once somebody wants to know: the lag of its event loop costs it a hundred wakings a second.
      if (!measured) collectDefaultMetrics({ register: registry });
      measured = true;
      return registry.metrics();
    },
  };
}
