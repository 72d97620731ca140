/** Something that is started with the process and stopped with it. */
export interface Component {
  name: string;
  start?(): Promise<void> | void;
  stop?(): Promise<void> | void;
}

/** Starts components in order and stops them in reverse; a failed start stops what already runs. */
export interface Lifecycle {
  start(): Promise<void>;
  /** Stops everything; failures are gathered into one AggregateError after all had their turn. */
  stop(): Promise<void>;
}

export function createLifecycle(components: readonly Component[]): Lifecycle {
  const running: Component[] = [];
  const stop = async () => {
    const failures: unknown[] = [];
    for (let component = running.pop(); component; component = running.pop()) {
      try {
        await component.stop?.();
      } catch (thrown) {
        failures.push(new Error(`${component.name} did not stop cleanly`, { cause: thrown }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything stopped cleanly');
  };
  return {
    async start() {
      for (const component of components) {
        try {
          await component.start?.();
          running.push(component);
        } catch (thrown) {
          await stop().catch(() => undefined);
          throw new Error(`${component.name} did not start`, { cause: thrown });
        }
      }
    },
    stop,
  };
}
