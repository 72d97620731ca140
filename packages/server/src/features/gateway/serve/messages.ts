import { ServerResponse } from 'node:http';
import type { Turn } from '../turn/turn.ts';

/** A response that knows its turn, so that one shared listener serves them all. */
export class GatewayResponse extends ServerResponse {
  turn: Turn | null = null;
}
