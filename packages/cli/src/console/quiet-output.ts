/** The terminal as readline writes to it: silent while a command runs, so that what is typed ahead is not mixed into its answer. */
export interface QuietOutput {
  stream: NodeJS.WriteStream;
  mute(on: boolean): void;
}

export function createQuietOutput(output: NodeJS.WriteStream): QuietOutput {
  let muted = false;
  const stream = new Proxy(output, {
    get(target, name) {
      if (name === 'write')
        return (...args: Parameters<typeof target.write>) => (muted ? true : target.write(...args));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return {
    stream,
    mute(on) {
      muted = on;
    },
  };
}
