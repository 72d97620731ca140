export { repairArguments, type RepairedArguments } from './arguments/repair-arguments.ts';
export { createToolCallRecovery, type ToolCallRecovery } from './create-recovery.ts';
export { recoverResponse, type RecoveredResponse } from './recover-response.ts';
export { declaredFormat, type DeclaredFormat } from './formats/declared.ts';
export type { TextFormat } from './formats/text-format.ts';
export type { RecoveryOptions } from './recovery-state.ts';
export type { CallableTool, FaultCode, FaultSignal, Repair, RepairKind } from './types.ts';
export { createStuckCounter, type StuckCounter } from './synthesis/stuck-counter.ts';
export {
  suggestCall,
  type SuggestedCall,
  type SuggestOptions,
  type UnmadeCall,
} from './synthesis/suggest-call.ts';
export { createUrlMemory, type UrlMemory } from './synthesis/url-memory.ts';
