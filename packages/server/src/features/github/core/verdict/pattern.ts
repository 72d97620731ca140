import type { VerdictKind } from '@vigiles/contract';

/**
 * What counts as the same failure over time: `Deploy:build`. The name of a workflow is free text: it is brought to one line of at most
 * 100 characters, so that the key can be stored, sent and shown.
 */
export function patternOf(workflowName: string, kind: VerdictKind): string {
  const name = workflowName.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `${Array.from(name).slice(0, 100).join('') || 'workflow'}:${kind}`;
}
