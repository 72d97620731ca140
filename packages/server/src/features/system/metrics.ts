import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** Numbers as they are at the moment of the scrape. */
export interface MetricSource {
  clients(): Record<string, number>;
  droppedSlow(): number;
  delivered(): number;
  headSeq(): Promise<number>;
}

/** A registry of its own: nothing global, so that two servers in one process do not mix. */
export function createMetrics(source: MetricSource, version: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
  return registry;
}
