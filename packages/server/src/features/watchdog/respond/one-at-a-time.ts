/** Each key is worked on by one worker at a time; who is asked for meanwhile looks again. */
export function createOneAtATime(
  work: (key: string) => Promise<void>,
  onFailure: (key: string, thrown: unknown) => void,
) {
  const working = new Set<string>();
  const again = new Set<string>();
  /** Under which key something goes on that is being worked on under another. */
  const moved = new Map<string, string>();

  /** Starts working, or makes the work under way look again. */
  function begin(key: string): void {
    if (working.has(key)) return void again.add(key);
    working.add(key);
    work(key)
      .catch((thrown: unknown) => onFailure(key, thrown))
      .finally(() => {
        const next = moved.get(key) ?? key;
        if (moved.delete(key)) again.add(next);
        working.delete(key);
        working.delete(next);
        if (again.has(next)) begin(next);
      });
  }

  return {
    begin,
    isWorking: (key: string): boolean => working.has(key),
    /** Whoever works on it looks again; false: nobody does. */
    lookAgain(key: string): boolean {
      if (!working.has(key)) return false;
      again.add(key);
      return true;
    },
    /** The worker looks now. */
    looks: (key: string): boolean => again.delete(key),
    isWanted: (key: string): boolean => again.has(key),
    /** What is worked on goes on under another key, once the work on it under this one has come to an end. */
    move(key: string, to: string): void {
      if (!working.has(key)) return;
      moved.set(key, to);
      working.add(to);
    },
  };
}
