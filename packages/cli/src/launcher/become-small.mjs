/**
 * glibc gives each thread a heap of its own and keeps what is free in them. One heap is enough for threads that mostly wait. What
 * is larger than 32 KB gets pages of its own, which go back when it is freed: among what lives long it would leave holes, and
 * with 1,000 checks those were 15 MB. The end of the heap goes back, too.
 */
const oneHeap = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '32768',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '0',
};

/** V8 gives each thread the 2 MB of its own functions at a place near the code that it makes. Without it they are there once. */
const builtInsOnce = '--no-short-builtin-calls';

/**
 * Says how the memory of a long-lived process is shared. That can only be said while a process starts, so on Linux this one
 * becomes another with the same id, for some 40 ms of the start; then nothing after the call runs in this one.
 */
export function becomeSmall() {
  const { env, execArgv, execPath } = process;
  const wanted = Object.entries(oneHeap);
  if (wanted.every(([name, value]) => env[name] === value)) {
    // What we start has memory of its own to care for.
    for (const name of Object.keys(oneHeap)) delete env[name];
    return;
  }
  // Not under `node --watch`, which talks with the process it has started.
  if (process.platform !== 'linux' || process.connected || wanted.some(([name]) => name in env)) return;
  try {
    const command = [execPath, ...execArgv, builtInsOnce, ...process.argv.slice(1)];
    process.execve(execPath, command, { ...env, ...oneHeap });
  } catch {
    // Where a process may not become another, this one goes on.
  }
}
