import {
  createToolCallRecovery,
  recoverResponse,
  type ProviderProtocolName,
  type RecoveryOptions,
  type ToolCallRecovery,
  type TurnRequest,
  type TurnResponse,
} from '@vigiles/wire';
import { synthesisMode } from '../core/synthesis/decide-synthesis.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { synthesisedResponse } from './synthesise-call.ts';
import type { Turn } from './turn.ts';

const TOOLS = Buffer.from('"tools"');

/** Whether a turn is decoded although both sides speak one protocol, so that its calls can be looked after. */
export function wantsRepair(turn: Turn, upstream: Upstream): boolean {
  return (upstream.repairs === 'all' || synthesises(turn)) && turn.body.includes(TOOLS);
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
  turn.signals = recovery.faults();
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
  turn.signals = recovered.faults;
  return synthesisedResponse(turn, request, recovered.response);
}

function isOn(turn: Turn, protocol: ProviderProtocolName, request: TurnRequest): boolean {
  if (request.tools.length === 0) return false;
  const repairs = turn.upstream?.repairs ?? 'none';
  return repairs === 'all' || (repairs === 'translated' && protocol !== turn.client) || synthesises(turn);
}

/** A route that asks for calls to be thought of wants those found first that are there. */
function synthesises({ core, modelRequested }: Turn): boolean {
  return synthesisMode(core.config.routes, modelRequested) !== 'off';
}

function optionsOf(turn: Turn, { tools, toolChoice }: TurnRequest): RecoveryOptions {
  const { formats } = turn.core.extras;
  return {
    tools,
    newId: turn.core.newId,
    ...(formats.length > 0 ? { formats } : {}),
    ...(toolChoice ? { toolChoice } : {}),
  };
}
