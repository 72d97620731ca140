import { z } from 'zod';
import { PluginId, PluginProcess } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { PluginLife } from './plugin-life.ts';
import type { Runtime } from './runtime.ts';

const params = z.object({ id: PluginId });
const tag = 'plugins';

/** What runs of the plugins. What is installed stands at the repository's own routes. */
export function pluginRuntimeRoutes(runtime: Runtime): Route[] {
  const find = (id: string): PluginLife =>
    runtime.get(id) ??
    raise(fault('not-found', 'plugin_not_running', `No plugin “${id}” is installed and switched on.`));
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/plugin-processes',
      operationId: 'listPluginProcesses',
      summary:
        'The process of each plugin that is switched on: its state and why, memory, and what it brings',
      tag,
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({ processes: z.array(PluginProcess), count: z.int() }),
      faults: [],
      async handle() {
        const processes = runtime.list();
        return { processes, count: processes.length };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/plugin-processes/:id/output',
      operationId: 'readPluginOutput',
      summary: 'The last lines a plugin printed; untrusted text',
      tag,
      // What a plugin prints may hold what it was given.
      scope: 'config',
      audit: 'none',
      tier: 'light',
      params,
      success: z.object({ lines: z.array(z.string()) }),
      faults: ['plugin_not_running'],
      handle: async ({ params: { id } }) => ({ lines: find(id).output() }),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/plugin-processes/:id/restart',
      operationId: 'restartPlugin',
      summary: 'Start a plugin’s process again, also one that was given up',
      tag,
      scope: 'operate',
      audit: 'plugin.restart',
      tier: 'standard',
      params,
      success: PluginProcess,
      faults: ['plugin_not_running'],
      async handle({ params: { id } }) {
        const life = find(id);
        await life.restart();
        return life.view();
      },
    }),
  ];
}
