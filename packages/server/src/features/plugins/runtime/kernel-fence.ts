import { findProgram, runProgram } from '../../../platform/process/index.ts';

/** What a plugin's command begins with, so that the kernel keeps it off the network; null: this system does not let us. */
export type KernelFence = readonly string[] | null;

/**
 * A network namespace of its own has no interface that is up, loopback included: whatever a plugin gets hold of, it reaches
 * nobody by address (network_namespaces(7)). It takes a user namespace, which some systems and most containers forbid.
 * `unshare` becomes the program, so that pid and start time are the plugin's own.
 */
export async function findKernelFence(searchPath: string): Promise<KernelFence> {
  if (process.platform !== 'linux') return null;
  const unshare = await findProgram('unshare', searchPath);
  if (unshare === null) return null;
  const prefix = [unshare, '--user', '--map-current-user', '--net', '--'];
  const end = await runProgram({
    command: [...prefix, process.execPath, '--version'],
    env: {},
    timeoutMs: 5000,
    maxOutputBytes: 1000,
  });
  return end.code === 0 ? prefix : null;
}
