import type { ListedModel } from '../../core/model-list/read-model-list.ts';

/** Asks a server something at its origin. Throws when it does not answer with JSON. */
export type AskServer = (path: string, body?: object) => Promise<unknown>;

/** Adds to a list of models what the server says elsewhere. What it does not say leaves the list as it is. */
export type DetailReader = (
  ask: AskServer,
  models: readonly ListedModel[],
) => Promise<readonly ListedModel[]>;
