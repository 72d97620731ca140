import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Identity, RateTier, Scope } from '@vigiles/contract';

export interface StreamCall<Query = unknown> {
  /** What the path's `:names` stand for, validated. */
  params: unknown;
  query: Query;
  identity: Identity;
  remoteAddress: string;
  lastEventId: string | null;
  /** Headers already sent; the handler writes the body and ends it. */
  response: ServerResponse;
  signal: AbortSignal;
}

/**
 * A `text/event-stream` as data: served where a request's `Accept` asks for one. It may share its path with a
 * JSON route.
 */
export interface StreamRoute {
  path: string;
  operationId: string;
  summary: string;
  tag: string;
  scope: Scope;
  tier: RateTier;
  params?: z.ZodType;
  query: z.ZodType;
  /**
   * Looked at before the head is sent: a fault it throws is an ordinary answer with its status. Absent: anybody with
   * the scope may open it.
   */
  admit?(call: Pick<StreamCall, 'params' | 'query' | 'identity'>): Promise<void>;
  /** The JSON in each `data:` line. */
  event: z.ZodType;
  /** Writes the stream until it ends or `signal` is aborted. */
  open(call: StreamCall): Promise<void>;
}
