import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { PluginIndexHead, PluginRegistryStatus, PluginsConfig } from '@vigiles/contract';
import { fault, FaultError, raise, toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Egress } from '../../platform/egress/index.ts';
import { entriesOf, rewritten } from './core/index-pages.ts';
import { judgeHead } from './core/judge-head.ts';
import type { Offer } from './core/release.ts';
import { openSigned, sha512Of } from './signing.ts';
import type { IndexPage, PluginStore, SeenRegistry } from './store.ts';

export type RegistryConfig = PluginsConfig['registries'][number];

export interface RegistriesDeps {
  store: PluginStore;
  egress: Egress;
  config(): PluginsConfig;
  /** A configured value with its references resolved. */
  resolve(text: string): string;
  now(): number;
  log: Log;
  changed(): void;
}

/** Longest index of a registry, all its pages together. Bytes. */
const mostIndexBytes = 16 * 1_048_576;

/** Reads the indexes of other Vigiles, and packages from them, through the guarded way out. */
export function createRegistries({ store, egress, config, resolve, now, log, changed }: RegistriesDeps) {
  const base = (registry: RegistryConfig): string => resolve(registry.url).replace(/\/+$/, '');
  const headersOf = ({ token }: RegistryConfig): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${resolve(token)}` };

  const named = (name: string): RegistryConfig =>
    config().registries.find((each) => each.name === name) ??
    raise(
      fault('not-found', 'plugin_registry_unknown', `There is no registry “${name}” in the configuration.`),
    );

  async function ask(registry: RegistryConfig, path: string, maxBytes: number): Promise<Buffer> {
    const answer = await egress.fetch({
      url: `${base(registry)}${path}`,
      reach: 'configured',
      headers: headersOf(registry),
      redirects: 0,
      maxBytes,
    });
    if (!answer.ok) return raise(answer.fault);
    const { status, body } = answer.value;
    if (status === 200) return body;
    const why = status === 401 || status === 403 ? 'it refuses the token' : `it answers with ${status}`;
    return raise(
      fault('upstream', 'plugin_registry_failed', `The registry “${registry.name}” cannot be read: ${why}.`, {
        retryable: status >= 500,
      }),
    );
  }

  /** Pages of a head that are not the ones kept already, each checked by length and digest before it is read. */
  async function newPages(registry: RegistryConfig, head: PluginIndexHead, kept: readonly IndexPage[]) {
    if (head.pages.reduce((sum, { bytes }) => sum + bytes, 0) > mostIndexBytes)
      raise(fault('upstream', 'plugin_index_too_large', `The index is longer than ${mostIndexBytes} bytes.`));
    const fresh: IndexPage[] = [];
    for (const [number, { sha512, bytes }] of head.pages.entries()) {
      if (kept[number]?.sha512 === sha512) continue;
      const body = (await ask(registry, `/api/v1/plugin/index/${number}`, bytes)).toString('utf8');
      if (sha512Of(body) !== sha512)
        raise(
          fault(
            'upstream',
            'plugin_index_mixed',
            `Page ${number} of the index is not the one that was signed.`,
            {
              retryable: true,
            },
          ),
        );
      const problem = rewritten(entriesOf(kept[number]?.body ?? '{}'), entriesOf(body));
      if (problem !== null)
        raise(
          fault(
            'upstream',
            'plugin_version_rewritten',
            `The index names another package as ${problem} than before: a version never changes.`,
            { retryable: false },
          ),
        );
      fresh.push({ number, sha512, body });
    }
    return fresh;
  }

  function parseJson(body: Buffer): unknown {
    try {
      return JSON.parse(body.toString('utf8'));
    } catch {
      return null;
    }
  }

  async function refresh(registry: RegistryConfig): Promise<void> {
    const url = base(registry);
    const known = (await store.registries()).find(({ name }) => name === registry.name);
    // Another address under the same name is another registry: nothing of the old one counts.
    const before = known?.url === url ? known : null;
    const seen: SeenRegistry = {
      name: registry.name,
      url,
      version: before?.version ?? null,
      headSha512: before?.headSha512 ?? null,
      expiresAt: before?.expiresAt ?? null,
      checkedAt: now(),
      problem: null,
    };
    try {
      const { head, sha512 } = openSigned(
        parseJson(await ask(registry, '/api/v1/plugin/index', 1_048_576)),
        registry.keys,
      );
      const last =
        seen.version === null || seen.headSha512 === null
          ? null
          : { version: seen.version, sha512: seen.headSha512 };
      const refused = judgeHead(head, sha512, last, now());
      if (refused) raise(refused);
      const kept = before ? await store.pages(registry.name) : [];
      const pages = await newPages(registry, head, kept);
      await store.sawRegistry(
        { ...seen, version: head.version, headSha512: sha512, expiresAt: head.expires_at },
        { pages, count: head.pages.length },
        null,
      );
      changed();
    } catch (thrown) {
      const carried = toFault(thrown);
      if (carried.kind === 'internal') log.error({ err: thrown, registry: registry.name }, 'registry failed');
      const again = before?.problem === carried.message;
      const told =
        again || carried.kind !== 'upstream' ? null : { code: carried.code, message: carried.message };
      await store.sawRegistry(
        { ...seen, problem: carried.message },
        before ? null : { pages: [], count: 0 },
        told,
      );
      changed();
      throw new FaultError(carried);
    }
  }

  /** What is kept of a registry, as long as it counts. */
  const counts = (seen: SeenRegistry | undefined, registry: RegistryConfig): seen is SeenRegistry =>
    seen?.url === base(registry) && seen.version !== null;

  return {
    refresh: (name: string) => refresh(named(name)),
    /** All of them; what went wrong is in their status. */
    async refreshAll(): Promise<void> {
      for (const registry of config().registries) await refresh(registry).catch(() => undefined);
    },
    async status(): Promise<PluginRegistryStatus[]> {
      const seen = await store.registries();
      return Promise.all(
        config().registries.map(async (registry) => {
          const one = seen.find(({ name }) => name === registry.name);
          const url = base(registry);
          const mine = one?.url === url ? one : undefined;
          const pages = mine ? await store.pages(registry.name) : [];
          const ids = new Set(
            pages.flatMap(({ body }) => entriesOf(body).map(({ manifest }) => manifest.id)),
          );
          const expired = (mine?.expiresAt ?? Infinity) <= now();
          return {
            name: registry.name,
            url: new URL(url).origin,
            version: mine?.version ?? null,
            plugins: ids.size,
            expires_at: mine?.expiresAt ?? null,
            checked_at: mine?.checkedAt ?? null,
            problem: mine?.problem ?? (expired ? 'Its index counts no longer.' : null),
          };
        }),
      );
    },
    /** What registries had when they were read last. */
    async offers(): Promise<Offer[]> {
      const seen = await store.registries();
      const offers: Offer[] = [];
      for (const registry of config().registries) {
        if (
          !counts(
            seen.find(({ name }) => name === registry.name),
            registry,
          )
        )
          continue;
        for (const { body } of await store.pages(registry.name)) {
          for (const entry of entriesOf(body)) offers.push({ ...entry, source: registry.name });
          // A long index is read in pieces: others get their turn between them.
          await new Promise((done) => void setImmediate(done));
        }
      }
      return offers;
    },
    /** Raises `plugin_index_expired` where nothing of a registry may be installed now; reads it anew first. */
    async mustCount(name: string): Promise<void> {
      const registry = named(name);
      const fresh = async () => {
        const seen = (await store.registries()).find((each) => each.name === name);
        return counts(seen, registry) && seen.expiresAt !== null && seen.expiresAt > now();
      };
      if (!(await fresh())) await refresh(registry);
    },
    /** Fetches a package into a file: never more bytes than its index promises. The digest is checked by whoever reads it. */
    async fetchPackage({ source, manifest, size }: Offer, file: string): Promise<void> {
      const registry = named(source);
      // What goes wrong with it, a full disk, is told by `finished`; unheard it would end control.
      const out = createWriteStream(file, { flags: 'wx', mode: 0o600 }).on('error', () => undefined);
      let written = 0;
      try {
        const answer = await egress.fetch({
          url: `${base(registry)}/api/v1/plugin/${manifest.id}/download?version=${encodeURIComponent(manifest.version)}`,
          reach: 'configured',
          headers: headersOf(registry),
          redirects: 0,
          maxBytes: size,
          take(chunk) {
            written += chunk.length;
            out.write(chunk);
            return true;
          },
        });
        if (!answer.ok) raise(answer.fault);
        else if (answer.value.status !== 200 || written !== size)
          raise(
            fault(
              'upstream',
              'plugin_download_failed',
              `The registry “${source}” did not give the package of ${manifest.id} ${manifest.version} (${answer.value.status}, ${written} of ${size} bytes).`,
            ),
          );
        out.end();
        await finished(out);
      } catch (thrown) {
        out.destroy();
        await rm(file, { force: true });
        throw thrown;
      }
    },
  };
}

export type Registries = ReturnType<typeof createRegistries>;
