import { z } from 'zod';
import {
  claudeHookEvents,
  claudeHookPath,
  claudePermissionWaitS,
  claudeSessionHeader,
} from '@vigiles/contract';
import { fault, raise } from '../../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../../kernel/route.ts';
import type { ClaudeHooks } from './claude-hooks.ts';
import { HookAnswer, HookCall } from './hook-call.ts';

/** Where Claude Code's HTTP hooks are received; `vigiles connect claude` writes their address into its settings. */
export const claudeHookRoutes = (hooks: ClaudeHooks): Route[] => [
  defineRoute({
    method: 'POST',
    path: `${claudeHookPath}/:event`,
    operationId: 'receiveClaudeHook',
    summary:
      'A hook of a Claude Code that Vigiles did not start; a permission is answered when a person has decided',
    tag: 'agents',
    scope: 'sessions:produce',
    audit: 'none',
    tier: 'attached',
    timeoutMs: (claudePermissionWaitS + 30) * 1000,
    // Whole files pass by in tool calls and their answers.
    bodyLimitBytes: 16 << 20,
    params: z.object({ event: z.enum(claudeHookEvents) }),
    body: HookCall,
    success: HookAnswer,
    faults: ['session_not_found', 'too_many_sessions', 'invalid_request'],
    handle({ identity, params: { event }, body, header, signal, remoteAddress, remotePort, localPort }) {
      if (body.hook_event_name !== event)
        raise(fault('invalid', 'invalid_request', `This is a ${body.hook_event_name} hook, not ${event}.`));
      return hooks.receive(identity, body, header(claudeSessionHeader), signal, {
        address: remoteAddress,
        port: remotePort,
        toPort: localPort,
      });
    },
  }),
];
