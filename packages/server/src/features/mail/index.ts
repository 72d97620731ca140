import type { ActionRun, Scope } from '@vigiles/contract';
import type { Result } from '../../kernel/fault.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Route } from '../../kernel/route.ts';
import type { MailTargets } from '../actions/index.ts';
import { createAccount } from './account.ts';
import { createApprovals } from './approval.ts';
import type { MailDeps } from './deps.ts';
import { createMailReader } from './reader.ts';
import { mailRoutes } from './routes.ts';
import { createMailService } from './service.ts';
import { createMailBook } from './book.ts';
import { createMailStore } from './store.ts';
import { createMailTries } from './tries.ts';
import { createMailWorker } from './worker.ts';

export interface MailFeatureDeps extends MailDeps {
  runs(handler: (run: ActionRun) => void): () => void;
  approve(runId: string, actor: string, scopes: readonly Scope[]): Promise<Result<unknown>>;
  deny(runId: string, actor: string): Promise<Result<unknown>>;
  /** The configuration changed. */
  changes(handler: () => void): () => void;
}

/** The mail relay: an outbox that lasts, worked off through the action runner. `targets` are for the runner. */
export function createMail(deps: MailFeatureDeps): {
  routes: readonly Route[];
  component: Component;
  targets: MailTargets;
} {
  const { store, events, clock, runs, approve, deny } = deps;
  const book = createMailBook(store, events, clock.now, deps.quotas);
  const out = { ...createMailStore(book), ...createMailTries(book) };
  const reader = createMailReader(store, clock.now);
  const account = createAccount(deps);
  const worker = createMailWorker({ ...deps, out, reader, account });
  const approvals = createApprovals({ ...deps, out, reader, runs });
  const service = createMailService({
    ...deps,
    out,
    reader,
    account,
    wake: () => worker.wakeNow(),
    ask: (mail) => approvals.ask(mail),
  });
  let unsubscribe = (): void => {};
  return {
    routes: mailRoutes({ service, approve, deny }),
    targets: worker.targets,
    component: {
      name: 'mail',
      async start() {
        await approvals.start();
        account.forget();
        unsubscribe = deps.changes(() => {
          account.forget();
          worker.wakeNow();
        });
        worker.wake();
      },
      async stop() {
        unsubscribe();
        approvals.stop();
        await worker.stop();
      },
    },
  };
}
