import { createPathLedger, entryPathProblem } from './entry-path.ts';
import { readPax, type PaxFacts } from './pax.ts';
import { archiveRefused } from './refused.ts';
import { blockBytes, paddingOf, readTarHeader } from './tar-header.ts';

/** How large a package may be. Bytes. */
export interface ArchiveLimits {
  packageBytes: number;
  unpackedBytes: number;
  fileBytes: number;
  entries: number;
  /** How many times its size it may grow to. */
  ratio: number;
}

export interface TarSink {
  folder?(path: string): void;
  /** A file begins; its bytes follow, then `end`. */
  file?(path: string, size: number): void;
  data?(bytes: Uint8Array): void;
  end?(): void;
}

/** Below this a large ratio harms nobody. */
const ratioFrom = 10 * 1_048_576;
const longestPax = 16_384;

const kinds: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  '7': 'a contiguous file',
  g: 'a global header',
  L: 'a long name in GNU’s own way',
  K: 'a long link in GNU’s own way',
  S: 'a sparse file',
};

/**
 * Reads the decompressed bytes of a package as they come and hands on what is in it, each thing only after it was checked:
 * files and folders with safe names, each once, within the limits. Whatever else tar archives can hold ends it with
 * `plugin_archive_refused`; so does a second meaning of anything.
 * @param packedBytes size of the compressed package
 */
export function createTarReader(packedBytes: number, limits: ArchiveLimits, sink: TarSink) {
  const ledger = createPathLedger();
  const bombBytes = Math.max(ratioFrom, packedBytes * limits.ratio);
  let held = new Uint8Array(0);
  let state: 'header' | 'file' | 'pax' | 'padding' | 'trailer' = 'header';
  let remaining = 0;
  let padding = 0;
  let zeroBlocks = 0;
  let total = 0;
  let unpacked = 0;
  let entries = 0;
  let pax = new Uint8Array(0);
  let facts: PaxFacts | null = null;

  function begin(block: Uint8Array): void {
    if (block.every((byte) => byte === 0)) {
      zeroBlocks += 1;
      if (zeroBlocks === 2) state = 'trailer';
      return;
    }
    if (zeroBlocks > 0) archiveRefused('it goes on after its end');
    const { name, size, type } = readTarHeader(block);
    padding = paddingOf(size);
    if (type === 'x') {
      if (facts !== null) archiveRefused('an entry in it has two names');
      if (size > longestPax) archiveRefused('an extended header in it is too long');
      pax = new Uint8Array(size);
      remaining = size;
      state = 'pax';
      return afterBytes();
    }
    const { path = null, size: again = null } = facts ?? {};
    facts = null;
    if (again !== null && again !== String(size)) archiveRefused('an entry in it has two sizes');
    entry(path ?? name, size, type);
  }

  function entry(spelled: string, size: number, type: string): void {
    const shown = JSON.stringify(spelled.slice(0, 80));
    if (type !== '0' && type !== '5') archiveRefused(`${shown} is ${kinds[type] ?? 'something unknown'}`);
    const folder = type === '5';
    // tar writes ./ before everything when it is given a folder.
    const path = spelled.replace(/^\.\//, '').replace(folder ? /\/$/ : /^$/, '');
    if (folder && (path === '' || path === '.')) return;
    const problem = entryPathProblem(path) ?? ledger.add(path, folder ? 'folder' : 'file');
    if (problem) archiveRefused(`${shown} ${problem}`);
    entries += 1;
    if (Math.max(entries, ledger.count()) > limits.entries)
      archiveRefused(`there are more than ${limits.entries} files and folders in it`);
    if (folder && size !== 0) archiveRefused(`${shown} is a folder with content`);
    if (folder) return sink.folder?.(path);
    if (size > limits.fileBytes) archiveRefused(`${shown} is larger than ${limits.fileBytes} bytes`);
    unpacked += size;
    if (unpacked > limits.unpackedBytes)
      archiveRefused(`what is in it is larger than ${limits.unpackedBytes} bytes`);
    sink.file?.(path, size);
    remaining = size;
    state = 'file';
    return afterBytes();
  }

  /** The body of a file or an extended header may be over, also at once. */
  function afterBytes(): void {
    if (remaining > 0) return;
    if (state === 'file') sink.end?.();
    else facts = readPax(pax);
    state = padding > 0 ? 'padding' : 'header';
  }

  /** Takes what it can of these bytes; answers how many. */
  function take(bytes: Uint8Array): number {
    if (state === 'trailer') {
      if (!bytes.every((byte) => byte === 0)) archiveRefused('it goes on after its end');
      return bytes.length;
    }
    if (state === 'header') {
      const wanted = Math.min(blockBytes - held.length, bytes.length);
      const joined = new Uint8Array(held.length + wanted);
      joined.set(held);
      joined.set(bytes.subarray(0, wanted), held.length);
      held = joined;
      if (held.length === blockBytes) {
        const block = held;
        held = new Uint8Array(0);
        begin(block);
      }
      return wanted;
    }
    if (state === 'padding') {
      const skipped = Math.min(padding, bytes.length);
      padding -= skipped;
      if (padding === 0) state = 'header';
      return skipped;
    }
    const part = bytes.subarray(0, remaining);
    if (state === 'file') sink.data?.(part);
    else pax.set(part, pax.length - remaining);
    remaining -= part.length;
    afterBytes();
    return part.length;
  }

  return {
    write(bytes: Uint8Array): void {
      total += bytes.length;
      if (total > bombBytes) archiveRefused(`it grows to more than ${limits.ratio} times its size`);
      // Headers, padding and the end count too: a flood of empty entries or zeros is a bomb as well.
      if (total > limits.unpackedBytes + (limits.entries + 64) * 2 * blockBytes)
        archiveRefused(`what is in it is larger than ${limits.unpackedBytes} bytes`);
      for (let at = 0; at < bytes.length;) at += take(bytes.subarray(at));
    },
    /** No more bytes come. */
    end(): { entries: number; unpackedBytes: number } {
      if (state !== 'trailer') archiveRefused('it ends in the middle');
      return { entries, unpackedBytes: unpacked };
    },
  };
}
