import type { Log } from '../../../kernel/log.ts';
import type { Store } from '../../../platform/store/store.ts';
import type { NewCard } from '../rate-cards.ts';
import type { GatewayTables } from './tables.ts';

/** Keeps each set of rates that turns were priced with, so that `cost_lines` can be shown for years. */
export function createCardKeeper(store: Store, now: () => number, log: Log): (card: NewCard) => void {
  return ({ id, provider, model, rates }) => {
    store
      .transaction<GatewayTables, void>(async (trx) => {
        await trx
          .insertInto('rate_card')
          .values({ id, provider, model, rates, first_used: now() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      })
      .catch((thrown: unknown) => log.error({ err: thrown, card: id }, 'rates could not be kept'));
  };
}
