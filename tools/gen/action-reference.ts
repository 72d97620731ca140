import { actions } from '../../packages/server/src/features/actions/actions/registry.gen.ts';
import { catalog } from '../../packages/server/src/features/actions/catalog.ts';

interface Property {
  type?: string;
  enum?: string[];
  default?: unknown;
  description?: string;
}

function params(schema: Record<string, unknown>): string[] {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Property>);
  if (properties.length === 0) return ['No parameters.', ''];
  const rows = properties.map(([name, { type, enum: choices, default: preset, description }]) => {
    const kind = choices ? choices.map((one) => `\`${one}\``).join(' ') : (type ?? '');
    const value = preset === undefined ? '' : `\`${JSON.stringify(preset)}\``;
    return `| \`${name}\` | ${kind} | ${value} | ${description ?? ''} |`;
  });
  return ['| parameter | type | default | |', '| --- | --- | --- | --- |', ...rows, ''];
}

/** `docs/reference/actions.md`, from the registry. */
export function actionReference(): string {
  const all = catalog(Object.values(actions));
  const sections: string[] = [];
  for (const { id, title, description, risk, targets, undoable, guarded, params: schema } of all) {
    const notes = [undoable ? 'Can be undone.' : '', guarded ? 'Counts against the guards.' : ''];
    const aim = `For: ${targets.map((one) => `\`${one}\``).join(', ')}. Risk at most: ${risk}.`;
    const about = [aim, ...notes].filter((one) => one !== '').join(' ');
    sections.push(`## \`${id}\``, '', `**${title}.** ${description}`, '', about, '', ...params(schema));
  }
  return [
    '<!-- Written by npm run gen from the registry of actions. -->',
    '',
    '# Actions',
    '',
    'Everything that Vigiles can do. How they are held back is told in [Actions and guards](../guide/actions-and-guards.md).',
    '',
    ...sections,
  ].join('\n');
}
