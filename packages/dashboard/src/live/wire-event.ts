import type { VigilesEvent } from '@vigiles/contract';

/** A message of the live connection. The greeting has a `seq` too, the log's end: only what has a `type` is an event. */
export interface WireMessage {
  timestamp: string;
  data: Record<string, unknown>;
  seq?: number;
  type?: string;
}

/** The message as an event, or null when it is none: `timestamp` is ISO 8601, `ts` is UTC milliseconds. */
export function wireEvent(message: WireMessage | undefined): VigilesEvent | null {
  if (typeof message?.seq !== 'number' || typeof message.type !== 'string') return null;
  const { timestamp, ...rest } = message;
  return { ...rest, ts: Date.parse(timestamp) } as unknown as VigilesEvent;
}
