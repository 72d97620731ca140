import { claudeHookRoutes, createClaudeHooks } from '../features/sessions/index.ts';
import type { Extend } from './extension.ts';

/** Claude Code that was started by somebody else. */
export const claudeHooks: Extend = ({ sessions, events, clock, log }) => {
  const hooks = createClaudeHooks({ sessions, events, clock, log });
  return {
    routes: claudeHookRoutes(hooks),
    components: [{ name: 'claude hooks', start: () => hooks.start(), stop: () => hooks.stop() }],
  };
};
