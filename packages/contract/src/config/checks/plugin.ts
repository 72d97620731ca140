import { z } from 'zod';
import { PluginReference } from '../../resources/plugin-declaration.ts';
import { pace } from './pace.ts';

/** What a plugin looks at. */
export const PluginCheck = z
  .strictObject({
    type: z.literal('plugin'),
    plugin: PluginReference.meta({ description: 'Plugin and check: `api-quota/credit`.' }),
    options: z.record(z.string().max(48), z.unknown()).default({}).meta({
      description: 'What the check asks for; texts may be references. `vigiles plugin show` lists them.',
    }),
    ...pace(60, 10, 1),
  })
  .meta({
    title: 'Plugin',
    description: 'A check of an installed plugin. Where the plugin is missing it cannot tell: UNKNOWN.',
  });
