/** Tables of the plugin repository. `place` is the folder the files lie in: rows and files belong together. Times UTC ms. */
export interface PluginTables {
  /** Published versions, in the order of publication. Rows are never changed. */
  plugin_package: {
    place: string;
    id: string;
    version: string;
    seq: number;
    /** `PluginIndexEntry` as JSON. */
    entry: string;
    publisher: string;
  };
  /** The index that was signed last: one row. */
  plugin_index: {
    place: string;
    version: number;
    issued_at: number;
    expires_at: number;
    /** `SignedPluginIndex` as JSON. */
    signed: string;
  };
  /** Pages of indexes, ours (`source` local) and those of registries, byte by byte. */
  plugin_index_page: {
    place: string;
    source: string;
    number: number;
    sha512: string;
    body: string;
  };
  /** What was last seen of a registry. */
  plugin_registry: {
    place: string;
    name: string;
    url: string;
    version: number | null;
    /** Digest of the signed head, so that one version is never two. */
    head_sha512: string | null;
    expires_at: number | null;
    checked_at: number;
    problem: string | null;
  };
  plugin_installed: {
    place: string;
    id: string;
    version: string;
    source: string;
    sha512: string;
    manifest: string;
    granted: string;
    folder: string;
    enabled: number;
    problem: string | null;
    /** What rollback goes back to: `Release` as JSON. */
    previous: string | null;
    /** A version that was rolled back from: never taken by itself again. */
    held_back: string | null;
    /** A version of which people were told that it waits for their consent. */
    told: string | null;
    installed_at: number;
    updated_at: number;
  };
}
