import type { RouteConfig, Synthesis } from '@vigiles/contract';
import { suggestCall, type FaultSignal, type SuggestedCall, type TurnRequest } from '@vigiles/wire';
import type { SessionMemory } from './session-memory.ts';

export type SynthesisMode = NonNullable<RouteConfig['synthesis']>;

export interface SynthesisInput {
  mode: Exclude<SynthesisMode, 'off'>;
  /** What the model said. It called nothing. */
  text: string;
  /** Something in it looked like a call and was none. */
  garbled: boolean;
  request: Pick<TurnRequest, 'tools' | 'toolChoice' | 'messages'>;
  session: SessionMemory;
  /** Absolute folders that may be looked at. */
  workspaces: readonly string[];
  /** Where a path really leads, every link followed; null when it is not there. */
  realPath(path: string): string | null;
}

export interface SynthesisDecision {
  synthesis: Synthesis;
  /** The call to make. Null: only to be shown. */
  call: SuggestedCall | null;
}

/**
 * What to do about a model that only talks. Nothing is made of it but reading: a URL its user named, a path that really
 * lies inside a workspace. The fourth synthesis in a row is none: it is the alert that the model is stuck.
 */
export function decideSynthesis(input: SynthesisInput): SynthesisDecision | FaultSignal | null {
  const { mode, session, request } = input;
  if (request.toolChoice?.type === 'none' || request.tools.length === 0) return null;
  session.urls.remember(request.messages);
  const { text, garbled, workspaces } = input;
  const { tools, toolChoice } = request;
  const wanted = suggestCall({
    text,
    garbled,
    tools,
    urls: session.urls,
    workspaces,
    ...(toolChoice ? { toolChoice } : {}),
  });
  if (!wanted) return null;
  const { heuristic } = wanted;
  if (!('name' in wanted)) {
    return { synthesis: { mode, heuristic, tool: null, input: '', delivered: false }, call: null };
  }
  if (wanted.path !== undefined && !isInside(wanted.path, input)) return null;
  const alert = session.stuck.synthesise();
  if (alert) return alert;
  const delivered = mode === 'safe';
  return {
    synthesis: { mode, heuristic, tool: wanted.name, input: wanted.input, delivered },
    call: delivered ? wanted : null,
  };
}

/** By where it really leads: a link inside a workspace may point anywhere. */
function isInside(
  path: string,
  { workspaces, realPath }: Pick<SynthesisInput, 'workspaces' | 'realPath'>,
): boolean {
  const real = realPath(path);
  if (real === null) return false;
  return workspaces.some((workspace) => {
    const root = realPath(workspace);
    return root !== null && (real === root || real.startsWith(root.endsWith('/') ? root : `${root}/`));
  });
}

/** The first route that matches says it; no route, no synthesis. */
export function synthesisMode(
  routes: readonly Pick<RouteConfig, 'model' | 'synthesis'>[],
  model: string,
): SynthesisMode {
  const route = routes.find(({ model: pattern }) =>
    pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model,
  );
  return route?.synthesis ?? 'off';
}
