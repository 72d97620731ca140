import { realpathSync } from 'node:fs';
import {
  createUrlMemory,
  type SuggestedCall,
  type TurnEvent,
  type TurnRequest,
  type TurnResponse,
} from '@vigiles/wire';
import { decideSynthesis, synthesisMode } from '../core/synthesis/decide-synthesis.ts';
import type { SessionMemory } from '../core/synthesis/session-memory.ts';
import type { Turn } from './turn.ts';

/** The end of an answer that is thought about. */
const MAX_SAID = 16_384;
const ENDS = new Set<TurnResponse['finish']>(['stop', 'stop-sequence', 'unknown']);

/** Looks at the end of a stream whether a call is to be made of what the model only said. */
export interface StreamSynthesis {
  /** The events to go on with. */
  through(events: TurnEvent[]): TurnEvent[];
}

/** Undefined where the turn's route does not ask for it, which is the rule: then it costs nothing. */
export function streamSynthesis(turn: Turn, request: TurnRequest): StreamSynthesis | undefined {
  const mode = synthesisMode(turn.core.config.routes, turn.modelRequested);
  if (mode === 'off') return undefined;
  const session = sessionOf(turn);
  let said = '';
  let called = false;
  let next = 0;
  return {
    through(events) {
      const last = events.at(-1);
      for (const event of events) {
        if ('index' in event) next = Math.max(next, event.index + 1);
        if (event.type === 'text-delta') said = (said + event.text).slice(-MAX_SAID);
        else if (event.type === 'tool-call-start') called = true;
      }
      if (last?.type !== 'finish') return events;
      const call = called
        ? moved(session)
        : ENDS.has(last.reason) && think(turn, request, mode, session, said);
      if (!call) return events;
      const { name, namespace, input } = call;
      return [
        ...events.slice(0, -1),
        {
          type: 'tool-call-start',
          index: next,
          kind: 'function',
          id: turn.core.newId('call'),
          name,
          ...(namespace ? { namespace } : {}),
        },
        { type: 'tool-call-delta', index: next, text: input },
        { type: 'tool-call-end', index: next, input },
        { ...last, reason: 'tool-calls' },
      ];
    },
  };
}

/** The same for an answer that came whole. */
export function synthesisedResponse(turn: Turn, request: TurnRequest, response: TurnResponse): TurnResponse {
  const mode = synthesisMode(turn.core.config.routes, turn.modelRequested);
  if (mode === 'off') return response;
  const session = sessionOf(turn);
  if (response.parts.some(({ type }) => type === 'tool-call')) {
    moved(session);
    return response;
  }
  if (!ENDS.has(response.finish)) return response;
  const said = response.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const call = think(turn, request, mode, session, said.slice(-MAX_SAID));
  if (!call) return response;
  const { name, namespace, input } = call;
  const id = turn.core.newId('call');
  const part = { type: 'tool-call', kind: 'function', id, name, input } as const;
  const parts = [...response.parts, { ...part, ...(namespace ? { namespace } : {}) }];
  return { ...response, parts, finish: 'tool-calls' };
}

function think(
  turn: Turn,
  request: TurnRequest,
  mode: 'suggest' | 'safe',
  session: SessionMemory,
  text: string,
): SuggestedCall | null {
  if (text.trim() === '') return null;
  const decided = decideSynthesis({
    mode,
    text,
    garbled: turn.signals.some(({ fault }) => fault !== 'C2'),
    request,
    session,
    workspaces: turn.core.config.synthesis_workspaces,
    realPath,
  });
  if (!decided) return null;
  if ('fault' in decided) {
    turn.signals = [...turn.signals, decided];
    return null;
  }
  turn.synthesis = decided.synthesis;
  return decided.call;
}

function moved(session: SessionMemory): null {
  session.stuck.moved();
  return null;
}

/**
 * Clients that name no session are counted per device and model; their URLs are those of this request alone, for
 * another conversation of the same device named its own for its own purpose.
 */
function sessionOf(turn: Turn): SessionMemory {
  const { core, identity, sessionId, modelRequested } = turn;
  const key = `${identity.deviceId}\u0000${sessionId ?? `model ${modelRequested}`}`;
  const known = core.sessions.of(key, core.clock.now());
  return sessionId === null ? { urls: createUrlMemory(), stuck: known.stuck } : known;
}

/** At most twice, and only at the end of an answer that a stuck model gave on a route that asks for synthesis. */
function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
