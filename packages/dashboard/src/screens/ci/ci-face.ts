import type { CiAction, CiRetry, CiRun, CiRunState, GithubHealth, VerdictKind } from '@vigiles/contract';
import {
  Ban,
  CheckCircle2,
  CircleDashed,
  Eye,
  LoaderCircle,
  Shuffle,
  TriangleAlert,
  XCircle,
} from 'lucide-react';
import { words, type Tone } from '../../live/describe-event.ts';
import type { Face } from '../../ui/state.tsx';

export const runFace: Record<CiRunState, Face> = {
  running: { icon: LoaderCircle, label: 'Running', tone: 'busy' },
  passed: { icon: CheckCircle2, label: 'Passed', tone: 'ok' },
  failed: { icon: XCircle, label: 'Failed', tone: 'bad' },
  flaky: { icon: Shuffle, label: 'Flaky', tone: 'warn' },
  cancelled: { icon: Ban, label: 'Cancelled', tone: 'idle' },
};

export const kindLabel: Record<VerdictKind, string> = {
  infrastructure: 'Infrastructure',
  flaky_test: 'Flaky test',
  test: 'Test',
  build: 'Build',
  lint: 'Lint',
  configuration: 'Configuration',
  timeout: 'Timeout',
  out_of_memory: 'Out of memory',
  cancelled: 'Cancelled',
  permission: 'Permission',
  rate_limit: 'Rate limit',
  unknown: 'Unknown',
};

export const retryFace: Record<CiRetry['state'], Face> = {
  waiting: { icon: CircleDashed, label: 'Waiting', tone: 'idle' },
  asked: { icon: LoaderCircle, label: 'Running', tone: 'busy' },
  recovered: { icon: CheckCircle2, label: 'Recovered', tone: 'ok' },
  failed: { icon: XCircle, label: 'Failed again', tone: 'bad' },
  refused: { icon: Ban, label: 'Refused', tone: 'warn' },
};

export const healthFace: Record<GithubHealth['status'], Face> = {
  ok: { icon: CheckCircle2, label: 'Connected', tone: 'ok' },
  observing: { icon: Eye, label: 'Observing', tone: 'idle' },
  degraded: { icon: TriangleAlert, label: 'Degraded', tone: 'warn' },
  off: { icon: CircleDashed, label: 'Off', tone: 'idle' },
};

const doing: Record<CiAction['kind'], string> = {
  retry: 'Retry',
  fix_script: 'Fix script',
  notify: 'Told a person',
  agent: 'Handed to an agent',
  none: 'Nothing',
};
const standing: Partial<Record<CiAction['state'], string>> = {
  waiting: 'waits',
  asked: 'under way',
  recovered: 'recovered',
  failed: 'did not help',
  refused: 'refused',
};

/** What was done about a run, in as few words as it takes. */
export function actionText({ action }: Pick<CiRun, 'action'>): string {
  if (action === null) return '';
  const end = action.kind === 'notify' || action.kind === 'none' ? undefined : standing[action.state];
  return end ? `${doing[action.kind]} ${end}` : doing[action.kind];
}

export const actionTone = ({ state, kind }: CiAction): Tone =>
  state === 'recovered'
    ? 'ok'
    : state === 'failed' || state === 'refused'
      ? 'bad'
      : kind === 'notify'
        ? 'warn'
        : state === 'waiting' || state === 'asked'
          ? 'busy'
          : 'idle';

/** The rule that decided, as words: `retryable_failure` → `retryable failure`. */
export const ruleText = (rule: string): string => words(rule).replaceAll('-', ' ');

/** 0..1 as whole percent. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** 12.4 → `12 min`; less than ten with a place. */
export const minutesText = (minutes: number): string =>
  minutes === 0 ? '0 min' : minutes < 10 ? `${minutes.toFixed(1)} min` : `${Math.round(minutes)} min`;

/** The first seven letters of a commit, as everybody writes it. */
export const shortCommit = (commit: string): string => commit.slice(0, 7);
