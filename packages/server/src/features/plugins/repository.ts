import { rm } from 'node:fs/promises';
import type {
  Identity,
  PluginIndexEntry,
  PluginIndexHead,
  PluginsConfig,
  PublishedPlugin,
  SignedPluginIndex,
} from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { Archives } from './archive/archives.ts';
import { pageBody, pageEntries } from './core/index-pages.ts';
import type { PluginFolders } from './folders.ts';
import { receivePackage } from './receive-package.ts';
import { limitsOf } from './settings.ts';
import { newSigningKey, publicText, readSigningKey, sha512Of, signHead } from './signing.ts';
import type { IndexPage, PluginStore } from './store.ts';

export interface RepositoryDeps {
  store: PluginStore;
  folders: PluginFolders;
  archives: Archives;
  /** Where the key that signs is kept; null: nowhere. */
  secrets: Pick<Secrets, 'get' | 'set'> | null;
  config(): PluginsConfig;
  /** The configured key, with its reference resolved. */
  signingKey(): string | undefined;
  now(): number;
  /** One change at a time. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** Offers are others now. */
  changed(): void;
  /** Raises `quota_exhausted` where a device may not keep so many bytes more. */
  room(who: Pick<Identity, 'deviceId' | 'name'>, bytes: number): Promise<void>;
}

const secretName = 'plugins.index-key';
const day = 86_400_000;

/** Packages that are published here: versions that never change, and the signed index that names them. */
export function createRepository(deps: RepositoryDeps) {
  const { store, folders, archives, secrets, config, now, turn } = deps;

  const keyText = (): string | undefined => deps.signingKey() ?? secrets?.get(secretName);

  /** The key that signs; the first one is made with the first publication. */
  async function signingKey() {
    const known = keyText();
    if (known !== undefined) return readSigningKey(known);
    if (!secrets)
      return raise(
        fault('unavailable', 'plugin_key_missing', 'There is no secret store to keep a signing key in.', {
          retryable: false,
        }),
      );
    const made = newSigningKey();
    await secrets.set(secretName, made);
    return readSigningKey(made);
  }

  async function signed(pages: readonly IndexPage[], count: number, version: number) {
    const issuedAt = now();
    const head: PluginIndexHead = {
      type: 'vigiles-plugin-index',
      version,
      issued_at: issuedAt,
      expires_at: issuedAt + config().index_days * day,
      count,
      pages: pages.map(({ sha512, body }, number) => ({
        sha512,
        bytes: Buffer.byteLength(body),
        entries: number < pages.length - 1 ? pageEntries : count - number * pageEntries,
      })),
    };
    return { version, issuedAt, expiresAt: head.expires_at, signed: signHead(head, await signingKey()) };
  }

  const taken = ({ manifest }: PluginIndexEntry) =>
    raise(
      fault(
        'conflict',
        'plugin_version_exists',
        `${manifest.id} ${manifest.version} is published already, and a version never changes: publish another version.`,
      ),
    );

  async function enter(
    entry: PluginIndexEntry,
    staged: string,
    by: Pick<Identity, 'deviceId' | 'name'>,
  ): Promise<number> {
    const published = await store.published();
    const { id, version } = entry.manifest;
    if (published.some(({ manifest }) => manifest.id === id && manifest.version === version))
      return taken(entry);
    if (published.length >= 100_000) raise(fault('conflict', 'plugin_index_full', 'The index is full.'));
    await deps.room(by, entry.size);
    const publisher = `device:${by.deviceId}`;
    const number = Math.floor(published.length / pageEntries);
    const body = pageBody([...published.slice(number * pageEntries), entry]);
    const page = { number, sha512: sha512Of(body), body };
    const before = (await store.pages('local')).filter((each) => each.number < number);
    const head = await signed(
      [...before, page],
      published.length + 1,
      ((await store.index())?.version ?? 0) + 1,
    );
    // The file first: a version that is named can be had. One without a row is swept away at the next start.
    const file = folders.package('local', id, version, entry.sha512);
    await folders.settle(staged, file);
    const seq = published.length + 1;
    if (!(await store.publish(head, page, { entry, seq, publisher }))) return taken(entry);
    deps.changed();
    return head.version;
  }

  return {
    /**
     * Takes a package in. Raises what reading it raises, `plugin_package_too_large`, `plugin_digest_mismatch` where it is not what
     * the publisher says, `plugin_version_exists`, and `quota_exhausted`.
     * @param promised `sha512-…` that the publisher computed; null: none was said
     */
    async publish(
      bytes: AsyncIterable<Uint8Array>,
      promised: string | null,
      by: Pick<Identity, 'deviceId' | 'name'>,
    ): Promise<PublishedPlugin> {
      const limits = limitsOf(config());
      const staged = await folders.staging('.tgz');
      try {
        const received = await receivePackage(bytes, staged, limits.packageBytes);
        const read = await archives.work({
          kind: 'inspect',
          file: staged,
          expected: promised ?? received.sha512,
          limits,
        });
        const { manifest, sha512, sha256, bytes: size } = read;
        const entry: PluginIndexEntry = { manifest, sha512, sha256, size, published_at: now() };
        const index = await turn(() => enter(entry, staged, by));
        const { id, version } = manifest;
        return { success: true, plugin_id: id, version, sha512, size, index_version: index };
      } finally {
        await rm(staged, { force: true });
      }
    },
    /** The signed index; renewed when half of its time is over. Null before the first publication. */
    async index(): Promise<SignedPluginIndex | null> {
      const found = await store.index();
      if (!found || found.issuedAt + (config().index_days * day) / 2 > now()) return found?.signed ?? null;
      return turn(async () => {
        const { version } = (await store.index()) ?? found;
        const count = (await store.published()).length;
        const head = await signed(await store.pages('local'), count, version + 1);
        await store.publish(head, null, null);
        return head.signed;
      });
    },
    /** Text of one page of the index, exactly as it was hashed. */
    async page(number: number): Promise<string> {
      const found = await store.page(number);
      return (
        found?.body ?? raise(fault('not-found', 'plugin_index_page_unknown', `There is no page ${number}.`))
      );
    },
    /** What others pin to trust this repository; null before the first publication. */
    key(): string | null {
      const text = keyText();
      return text === undefined ? null : publicText(readSigningKey(text));
    },
  };
}

export type Repository = ReturnType<typeof createRepository>;
