import {
  createToolCallRecovery,
  recoverResponse,
  type ProviderProtocolName,
  type RecoveryOptions,
  type ToolCallRecovery,
  type TurnRequest,
  type TurnResponse,
} from '@vigiles/wire';
import type { Upstream } from '../upstream/upstream.ts';
import type { Turn } from './turn.ts';

const TOOLS = Buffer.from('"tools"');

/** Whether a turn is decoded although both sides speak one protocol, so that its calls can be looked after. */
export function wantsRepair(turn: Turn, upstream: Upstream): boolean {
  return upstream.repairs === 'all' && turn.body.includes(TOOLS);
}

/** The stream transform for one answer; undefined where the provider is not to be repaired. */
export function streamRecovery(
  turn: Turn,
  protocol: ProviderProtocolName,
  request: TurnRequest,
): ToolCallRecovery | undefined {
  if (!isOn(turn, protocol, request)) return undefined;
  const recovery = createToolCallRecovery(optionsOf(turn, request));
  turn.repairs = recovery.repairs();
  return recovery;
}

/** The same for a whole answer. */
export function repairedResponse(
  turn: Turn,
  protocol: ProviderProtocolName,
  request: TurnRequest,
  response: TurnResponse,
): TurnResponse {
  if (!isOn(turn, protocol, request)) return response;
  const recovered = recoverResponse(response, optionsOf(turn, request));
  turn.repairs = recovered.repairs;
  return recovered.response;
}

function isOn(turn: Turn, protocol: ProviderProtocolName, request: TurnRequest): boolean {
  const repairs = turn.upstream?.repairs ?? 'none';
  return (
    request.tools.length > 0 && (repairs === 'all' || (repairs === 'translated' && protocol !== turn.client))
  );
}

function optionsOf(turn: Turn, { tools, toolChoice }: TurnRequest): RecoveryOptions {
  return { tools, newId: turn.core.newId, ...(toolChoice ? { toolChoice } : {}) };
}
