import type { IncomingMessage } from 'node:http';
import type { Identity } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import { setMembers } from '../core/edit-json.ts';
import { scanJsonObject } from '../core/scan-json.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { DetachedResponse } from '../serve/detached-response.ts';
import type { GatewayResponse } from '../serve/messages.ts';
import { runTurn } from '../turn/run-turn.ts';
import { gatewayError } from '../turn/send-error.ts';
import { Turn } from '../turn/turn.ts';
import { tapAnswer } from './answer-tap.ts';
import type { NewResponse, ResponseStore } from './response-store.ts';

/** A response that nobody waits for: it is answered at once with its id, and read with GET later. */
export interface BackgroundWork {
  core: GatewayCore;
  store: ResponseStore;
  req: IncomingMessage;
  res: GatewayResponse;
  identity: Identity;
  /** The request as it is sent: whole history, no `background`. */
  body: Buffer;
  model: string;
  only: Turn['only'];
  kept: Pick<NewResponse, 'parent' | 'input'>;
}

const NOTHING = Buffer.alloc(0);

/** Starts it. An error that is known at once is the answer; every later one becomes a response with status `failed`. */
export function runInBackground(work: BackgroundWork): WireError | undefined {
  const { core, store, req, res, identity, model } = work;
  const id = core.newId('resp');
  const createdAt = Math.floor(core.clock.now() / 1000);
  const said = settingsIn(work.body);
  const snapshot = (status: string, error: unknown = null): Buffer =>
    Buffer.from(
      JSON.stringify({
        id,
        object: 'response',
        created_at: createdAt,
        status,
        background: true,
        error,
        incomplete_details: null,
        instructions: null,
        metadata: {},
        model,
        output: [],
        parallel_tool_calls: true,
        previous_response_id: work.kept.parent?.id ?? null,
        store: true,
        temperature: null,
        tool_choice: 'auto',
        tools: [],
        top_p: null,
        truncation: 'disabled',
        usage: null,
        ...said,
      }),
    );
  const response = snapshot('in_progress');
  const kept = store.keep({ ...work.kept, id, owner: identity.deviceId, response, output: NOTHING });
  if (!kept) return gatewayError('invalid-request', NO_ROOM, { code: 'background_unavailable' });

  const taker = takeBackground((failure) => {
    if (kept.running) store.finish(kept, snapshot('failed', failure), NOTHING);
  });
  const detached = new DetachedResponse(req, taker);
  detached.tap = tapAnswer((seen) => {
    const own = setMembers(seen.json, {
      id: JSON.stringify(id),
      background: 'true',
      previous_response_id: JSON.stringify(work.kept.parent?.id ?? null),
    });
    if (kept.running) store.finish(kept, own, Buffer.from(seen.output));
  });
  const turn = new Turn(core, detached.req, detached, 'openai-responses', identity, work.body);
  turn.only = work.only;
  kept.running = {
    cancel() {
      store.finish(kept, snapshot('cancelled'), NOTHING);
      detached.leave();
    },
  };
  runTurn(turn);
  if (taker.refusal !== undefined) {
    store.drop(kept);
    res.writeHead(taker.status, detached.sentHeaders);
    res.end(taker.refusal);
    return undefined;
  }
  const queued = snapshot('queued');
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': queued.length,
    'x-vigiles-turn': turn.id,
  });
  res.end(queued);
  return undefined;
}

/** Settings that a response repeats, as their client wrote them. */
const REPEATED: ReadonlySet<string> = new Set(
  'instructions metadata parallel_tool_calls temperature tool_choice tools top_p max_output_tokens reasoning text truncation'.split(
    ' ',
  ),
);

function settingsIn(body: Buffer): Record<string, unknown> {
  const spans = scanJsonObject(body, REPEATED);
  const settings: Record<string, unknown> = {};
  try {
    for (const [field, { start, end }] of typeof spans === 'string' ? [] : spans) {
      const value: unknown = JSON.parse(body.toString('utf8', start, end));
      if (value !== null) settings[field] = value;
    }
  } catch {
    // Whoever reads the request itself will say what is wrong with it.
  }
  return settings;
}

const NO_ROOM =
  'A background response must be kept until it is read: `gateway.response_ttl_s` and `gateway.response_store_mb` leave no room for it.';

interface BackgroundTaker {
  status: number;
  /** The error body, where the turn was refused. */
  refusal: string | undefined;
  head(status: number): void;
  piece(piece: Uint8Array | string): void;
  end(broken: boolean): void;
}

/** The stream itself is read by the tap; what is left is to tell failures. */
function takeBackground(failed: (error: { code: string; message: string }) => void): BackgroundTaker {
  let text = '';
  return {
    status: 0,
    refusal: undefined,
    head(status) {
      this.status = status;
    },
    piece(piece) {
      if (this.status >= 400) text += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
    },
    end(broken) {
      if (this.status >= 400) {
        this.refusal = text;
        failed(errorIn(text));
      } else if (broken) failed({ code: 'server_error', message: 'The gateway was stopped before the end.' });
      // Without a terminal event the tap has seen nothing: then this is the end of it.
      else failed({ code: 'server_error', message: 'The answer ended without a result.' });
    },
  };
}

function errorIn(text: string): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string | null; message?: string } };
    return { code: error?.code ?? 'server_error', message: error?.message ?? text.slice(0, 500) };
  } catch {
    return { code: 'server_error', message: text.slice(0, 500) };
  }
}
