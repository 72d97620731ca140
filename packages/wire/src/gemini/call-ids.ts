/**
 * Ids for the calls of a history. Gemini's own are optional: a call without one gets a number, the same in every
 * request that has the same history before it, and a response finds its call by id, or by name in order.
 */
export interface CallIds {
  call(id: string | null | undefined, name: string): string;
  response(id: string | null | undefined, name: string | null | undefined): string;
}

export function createCallIds(): CallIds {
  const open: { id: string; given: boolean; name: string }[] = [];
  const taken = new Set<string>();
  let count = 0;

  function nextId(): string {
    for (;;) {
      const id = `call_${++count}`;
      if (!taken.has(id)) return id;
    }
  }

  return {
    call(given, name) {
      const id = given || nextId();
      taken.add(id);
      open.push({ id, given: Boolean(given), name });
      return id;
    },
    response(given, name) {
      let at = given ? open.findIndex((call) => call.id === given) : -1;
      if (at === -1) at = open.findIndex((call) => call.name === name && !(given && call.given));
      if (at === -1) return given || nextId();
      const [call] = open.splice(at, 1);
      return call?.id ?? nextId();
    },
  };
}
