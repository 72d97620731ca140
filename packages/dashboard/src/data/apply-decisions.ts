import type { QueryClient } from '@tanstack/react-query';
import type { Decision } from '@vigiles/contract';

/** Settled ones that are still shown with their outcome to whoever has the card before them. */
const SETTLED_KEPT = 10;
const KEPT = 300;

/** Puts a decision into the list of what waits, in its place; what is settled stays for a while as what it became. */
export function applyDecision(client: QueryClient, decision: Decision): void {
  client.setQueryData(['decision', decision.session_id, decision.decision_id], decision);
  client.setQueryData<Decision[]>(['decisions'], (known) => {
    if (!known) return known;
    const isIt = (each: Decision): boolean =>
      each.decision_id === decision.decision_id && each.session_id === decision.session_id;
    const all = known.some(isIt)
      ? known.map((each) => (isIt(each) ? decision : each))
      : decision.state === 'pending'
        ? [...known, decision]
        : known;
    const old = new Set(all.filter(({ state }) => state === 'resolved').slice(0, -SETTLED_KEPT));
    return all.filter((each) => !old.has(each)).slice(-KEPT);
  });
  // An answer that is under way may have been written before this happened, and would undo it.
  if (client.isFetching({ queryKey: ['decisions'] }) > 0)
    // A first reading is not begun anew by an invalidation alone.
    void client
      .cancelQueries({ queryKey: ['decisions'] })
      .then(() => client.invalidateQueries({ queryKey: ['decisions'] }));
}
