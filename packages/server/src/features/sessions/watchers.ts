/** Who follows which session now, in this process. */
export interface Watchers {
  /** @returns the function that leaves again */
  join(sessionId: string, who: string): () => void;
  count(sessionId: string): number;
  /** Their names, at most 50. */
  names(sessionId: string): string[];
}

export function createWatchers(): Watchers {
  const rooms = new Map<string, Map<symbol, string>>();
  return {
    join(sessionId, who) {
      const seat = Symbol(who);
      const room = rooms.get(sessionId) ?? new Map<symbol, string>();
      rooms.set(sessionId, room.set(seat, who));
      return () => {
        room.delete(seat);
        if (room.size === 0 && rooms.get(sessionId) === room) rooms.delete(sessionId);
      };
    },
    count: (sessionId) => rooms.get(sessionId)?.size ?? 0,
    names: (sessionId) => [...new Set(rooms.get(sessionId)?.values())].slice(0, 50),
  };
}
