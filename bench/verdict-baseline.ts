import type { VerdictKind } from '@vigiles/contract';
import type { Evidence } from '../packages/server/src/features/github/core/verdict/evidence.ts';

/**
 * What Vigiles' verdict is compared with: the substring search of the dashboard that this project began from. The first word that
 * stands anywhere in the text decides; timeouts and networks are run again, as often as it takes.
 */
export function baseline({ jobs }: Evidence): { kind: VerdictKind; retry: boolean; confidence: number } {
  const text = jobs
    .filter(({ conclusion }) => conclusion === 'failure')
    .map(({ log, annotations }) => [log, ...(annotations ?? [])].join('\n'))
    .join('\n')
    .toLowerCase();
  const says = (word: string) => text.includes(word);
  const kind: VerdictKind =
    says('test') && says('failed')
      ? 'test'
      : says('build') && says('failed')
        ? 'build'
        : says('timeout')
          ? 'timeout'
          : says('network') || says('connection')
            ? 'infrastructure'
            : 'unknown';
  return { kind, retry: kind === 'timeout' || kind === 'infrastructure', confidence: 1 };
}
