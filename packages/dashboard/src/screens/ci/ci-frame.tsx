import { PartsFrame } from '../../shell/parts-frame.tsx';

const parts = [
  { to: '/ci', label: 'Runs' },
  { to: '/ci/patterns', label: 'Patterns' },
  { to: '/ci/flaky', label: 'Flaky tests' },
] as const;

/** Runs of GitHub Actions, and what their failures have in common. */
export const CiFrame = () => <PartsFrame label="CI" parts={parts} />;
