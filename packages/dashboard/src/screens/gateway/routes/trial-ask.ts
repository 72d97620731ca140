import type { RouteTrialAsk } from '@vigiles/contract';

/** A turn that is thought of, as its form holds it. */
export interface TrialDraft {
  model: string;
  privacy: string;
  route: string;
  tags: string;
  workspace: string;
  intent: string;
  tokens: string;
  needs: RouteTrialAsk['needs'];
  secret: boolean;
}

type Ask = Partial<RouteTrialAsk> & { model: string };

/** What is asked of the gateway: what was not filled in is not said. */
export function trialAsk(draft: TrialDraft, routes: RouteTrialAsk['routes']): Ask {
  const { privacy, route, needs, secret } = draft;
  const tokens = Number(draft.tokens.replace(/[\s,_]/g, ''));
  const text = (value: string): string => value.trim().toLowerCase();
  const ask: Ask = { model: draft.model.trim(), needs, secret };
  if (draft.tokens.trim() !== '' && Number.isInteger(tokens) && tokens >= 0) ask.input_tokens = tokens;
  if (privacy !== '') ask.privacy = privacy as NonNullable<RouteTrialAsk['privacy']>;
  if (route !== '') ask.route = route as NonNullable<RouteTrialAsk['route']>;
  if (text(draft.workspace) !== '') ask.workspace = text(draft.workspace);
  if (text(draft.intent) !== '') ask.intent = text(draft.intent);
  const tags = text(draft.tags)
    .split(/[\s,]+/)
    .filter((tag) => tag !== '');
  if (tags.length > 0) ask.tags = tags;
  if (routes) ask.routes = routes;
  return ask;
}
