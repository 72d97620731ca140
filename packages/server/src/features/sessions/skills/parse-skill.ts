import { parse } from 'yaml';
import type { Skill } from '@vigiles/contract';

/** Where a SKILL.md was found. */
export interface SkillPlace {
  /** Folder it lies in: the format wants the skill to have this name. */
  folder: string;
  path: string;
  owner: string;
  /** UTC ms of its last change. */
  updatedAt: number;
}

const fence = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const maxFrontMatter = 16 * 1024;
const nameForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);

/**
 * A SKILL.md of the open Agent Skills format (agentskills.io/specification): YAML front matter with `name` (1 to 64
 * small letters, digits and single hyphens, the name of its folder) and `description` (1 to 1024 characters). Never
 * throws and never runs anything: what is wrong is listed, and the skill is shown all the same.
 */
export function parseSkill(text: string, { folder, path, owner, updatedAt }: SkillPlace): Skill {
  const problems: string[] = [];
  let fields: Record<string, unknown> = {};
  const matter = fence.exec(text.startsWith('\uFEFF') ? text.slice(1) : text)?.[1];
  if (matter === undefined)
    problems.push('It does not begin with YAML front matter between two lines of ---');
  else if (matter.length > maxFrontMatter)
    problems.push(`Its front matter is longer than ${maxFrontMatter} characters`);
  else {
    try {
      // No aliases: a few lines of them could unfold into gigabytes.
      const parsed: unknown = parse(matter, { maxAliasCount: 0, schema: 'core', logLevel: 'silent' });
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
        fields = parsed as Record<string, unknown>;
      else problems.push('Its front matter is not a map');
    } catch (thrown) {
      problems.push(
        `Its front matter is not YAML: ${thrown instanceof Error ? (thrown.message.split('\n', 1)[0] ?? '') : ''}`,
      );
    }
  }
  const { name, description, version, category, metadata, ...rest } = fields;
  const named = textOf(name);
  if (matter !== undefined) {
    if (named === null || named === '') problems.push('It has no name');
    else if (named.length > 64 || !nameForm.test(named))
      problems.push('Its name is not 1 to 64 small letters, digits and single hyphens');
    else if (named !== folder) problems.push(`Its name is not that of its folder, "${folder}"`);
    if ((textOf(description) ?? '') === '') problems.push('It has no description');
  }
  const extra = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  return {
    name: (named || folder).slice(0, 200),
    description: (textOf(description) ?? '').slice(0, 1024),
    source: 'folder',
    owner,
    path,
    category: textOf(category)?.slice(0, 200) ?? null,
    version: textOf(version)?.slice(0, 100) ?? null,
    metadata: { ...rest, ...extra },
    parameters: {},
    updated_at: updatedAt,
    problems,
  };
}
