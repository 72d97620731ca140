/** In-process publish/subscribe. Every handler runs; what they throw is gathered and handed to `onFailure`. */
export interface Bus<Message> {
  publish(message: Message): void;
  /** Returns the function that ends the subscription. */
  subscribe(handler: (message: Message) => void | Promise<void>): () => void;
}

export function createBus<Message>(onFailure: (thrown: unknown, message: Message) => void): Bus<Message> {
  const handlers = new Set<(message: Message) => void | Promise<void>>();
  return {
    publish(message) {
      // oxlint-disable-next-line unicorn/no-useless-spread -- a copy: a handler may subscribe or leave meanwhile
      for (const handler of [...handlers]) {
        try {
          const pending = handler(message);
          if (pending instanceof Promise) pending.catch((thrown: unknown) => onFailure(thrown, message));
        } catch (thrown) {
          onFailure(thrown, message);
        }
      }
    },
    subscribe(handler) {
      handlers.add(handler);
      return () => {
        handlers.delete(handler);
      };
    },
  };
}
