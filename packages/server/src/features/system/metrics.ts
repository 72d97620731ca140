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
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'vigiles_info',
    help: 'Version of the running server',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: 'vigiles_clients',
    help: 'Clients that follow events, by transport',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const [transport, count] of Object.entries(source.clients())) this.set({ transport }, count);
    },
  });
  new Counter({
    name: 'vigiles_slow_clients_dropped_total',
    help: 'Clients dropped because they did not read',
    registers,
    collect() {
      this.reset();
      this.inc(source.droppedSlow());
    },
  });
  new Counter({
    name: 'vigiles_events_delivered_total',
    help: 'Events and live samples given to clients',
    registers,
    collect() {
      this.reset();
      this.inc(source.delivered());
    },
  });
  new Gauge({
    name: 'vigiles_event_head_seq',
    help: 'Sequence number of the last event',
    registers,
    async collect() {
      this.set(await source.headSeq());
    },
  });
  return registry;
}
