import type { HookAnswer } from './hook-call.ts';

/** It goes on as if there were no hook. */
export const goOn: HookAnswer = {};

/** The tool call does not run, and the turn is over: without the second part the model would try something else. */
export const haltBeforeTool = (why: string): HookAnswer => ({
  continue: false,
  stopReason: why,
  hookSpecificOutput: {
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: why,
  },
});

/** The turn is over after what has been done. */
export const haltAfterTool = (why: string): HookAnswer => ({ continue: false, stopReason: why });

/** The tool call does not run; the model reads why, and goes on from there. */
export const denyTool = (why: string): HookAnswer => ({
  hookSpecificOutput: {
    hookEventName: 'PreToolUse',
    permissionDecision: 'deny',
    permissionDecisionReason: why,
  },
});

/** A prompt that is not taken, or a turn that does not end yet: `why` is read by the model only in the second case. */
export const block = (why: string): HookAnswer => ({ decision: 'block', reason: why });

/** Words for the model besides what it would read anyway. */
export const addContext = (
  hookEventName: 'UserPromptSubmit' | 'PreToolUse' | 'PostToolUse' | 'PostToolUseFailure',
  additionalContext: string,
): HookAnswer => ({ hookSpecificOutput: { hookEventName, additionalContext } });

/** @param decision `{behavior: 'allow' | 'deny', …}` */
export const answerPermission = (decision: Record<string, unknown>): HookAnswer => ({
  hookSpecificOutput: { hookEventName: 'PermissionRequest', decision },
});
