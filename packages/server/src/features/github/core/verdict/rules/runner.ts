import type { Rule } from '../rule.ts';

/** What GitHub's runner itself says: in its log, or in the annotations of the job where no log was left. */
export const runnerRules: readonly Rule[] = [
  {
    id: 'runner-lost',
    kind: 'infrastructure',
    toolchain: 'runner',
    scope: 'job',
    words: ['lost communication with the server'],
    pattern: '^The (?:hosted|self-hosted) runner(?:: .*)? lost communication with the server',
    weight: 75,
    retryable: true,
    because: 'its runner lost communication with GitHub',
    examples: {
      match: [
        'The hosted runner lost communication with the server. Anything in your workflow that terminates the runner process can cause this error.',
        'The self-hosted runner: pool-7 lost communication with the server. Verify the machine is running and has a healthy network connection.',
      ],
      no_match: [
        'expect(log).toContain("The hosted runner lost communication with the server")',
        'client lost communication with the server',
      ],
    },
  },
  {
    id: 'runner-shutdown',
    kind: 'infrastructure',
    toolchain: 'runner',
    scope: 'job',
    words: ['received a shutdown signal'],
    pattern: '^The runner has received a shutdown signal',
    weight: 75,
    retryable: true,
    because: 'its runner was shut down under it',
    examples: {
      match: [
        'The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.',
      ],
      no_match: [
        'worker 3 received a shutdown signal, draining',
        'AssertionError: The runner has received a shutdown signal',
      ],
    },
  },
  {
    id: 'job-time-over',
    kind: 'timeout',
    toolchain: 'runner',
    scope: 'job',
    words: ['exceeded the maximum execution time'],
    pattern: '^The job (?:running on runner .+ )?has exceeded the maximum execution time of ',
    weight: 97,
    retryable: false,
    because: 'it took longer than its workflow allows',
    examples: {
      match: [
        'The job running on runner GitHub Actions 12 has exceeded the maximum execution time of 360 minutes.',
        'The job has exceeded the maximum execution time of 30m0s',
      ],
      no_match: ['ERROR 3024: Query execution was interrupted, maximum statement execution time exceeded'],
    },
  },
  {
    id: 'step-time-over',
    kind: 'timeout',
    toolchain: 'runner',
    words: ['has timed out after'],
    pattern: "^The action '.+' has timed out after \\d+ minutes?\\.",
    weight: 97,
    retryable: false,
    because: 'a step took longer than its workflow allows',
    examples: {
      match: ["The action 'Run npm test' has timed out after 10 minutes."],
      no_match: ['request has timed out after 10 minutes'],
    },
  },
  {
    id: 'operation-cancelled',
    kind: 'cancelled',
    toolchain: 'runner',
    scope: 'job',
    words: ['the operation was canceled', 'the job was canceled because', 'canceling since a'],
    pattern: '^(?:The operation was canceled\\.?$|The job was canceled because |Canceling since a )',
    weight: 40,
    retryable: false,
    because: 'it was cancelled',
    examples: {
      match: [
        'The operation was canceled.',
        'The job was canceled because "test_ubuntu_20" failed.',
        "Canceling since a higher priority waiting request for 'ci-refs/heads/main' exists",
      ],
      no_match: [
        'context canceled: the operation was canceled by the caller',
        'OperationCanceledException: The operation was canceled.',
      ],
    },
  },
  {
    id: 'no-space',
    kind: 'infrastructure',
    toolchain: 'system',
    words: ['no space left on device', 'there is not enough space on the disk'],
    pattern: '(?:^|: |\\()(?:ENOSPC: )?(?:[Nn]o space left on device|There is not enough space on the disk)',
    weight: 75,
    retryable: false,
    because: 'the disk of its runner is full',
    examples: {
      match: [
        'tar: layers/app.tar: Cannot write: No space left on device',
        "System.IO.IOException: No space left on device : '/home/runner/runners/2.320.0/_diag/Worker.log'",
        'Error: ENOSPC: no space left on device, write',
      ],
      no_match: ["expect(received).toBe('no space left on device')"],
    },
  },
  {
    id: 'needs-failed',
    kind: 'unknown',
    toolchain: 'actions',
    words: ['required to succeed jobs failed', 'required jobs failed'],
    pattern: '^\\W{0,6}(?:Some|One or more) of the required(?: to succeed)? jobs failed',
    weight: 30,
    retryable: false,
    follows: true,
    because: 'other jobs that it needs failed',
    examples: {
      match: ['❌ Some of the required to succeed jobs failed 😢😢😢'],
      no_match: ['All of the required jobs succeeded'],
    },
  },
  {
    id: 'runner-never-came',
    kind: 'infrastructure',
    toolchain: 'runner',
    scope: 'job',
    words: ['provisioning resources', 'encountered an internal error', 'was not acquired by runner'],
    pattern:
      '^(?:An error occurred while provisioning resources|GitHub Actions has encountered an internal error|The job was not acquired by Runner)',
    weight: 75,
    retryable: true,
    because: 'GitHub had no runner for it',
    examples: {
      match: ['The job was not acquired by Runner of type hosted even after multiple attempts'],
      no_match: ['test: An error occurred while provisioning resources'],
    },
  },
  {
    id: 'billing',
    kind: 'permission',
    toolchain: 'runner',
    scope: 'job',
    words: ['account payments have failed', 'spending limit'],
    pattern: '^The job was not started because .*(?:payments|spending limit)',
    weight: 79,
    retryable: false,
    because: 'the account may not run more jobs',
    examples: {
      match: [
        'The job was not started because recent account payments have failed or your spending limit needs to be increased.',
      ],
      no_match: ['spending limit is 3'],
    },
  },
];
