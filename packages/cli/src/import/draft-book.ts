import type { CandidateDraft, Proposal, ProviderDraft, RouteDraft } from './proposal.ts';
import type { MaintenanceDraft, ServiceDraft } from './service-draft.ts';
import { baseOf, baseToWrite } from './vendors.ts';

/** What stands in vigiles.yaml and the secrets already. */
export interface Existing {
  providers: readonly { id: string }[];
  routes: readonly { model: string }[];
  default_provider?: string | undefined;
  secrets: readonly string[];
  services?: readonly { name: string }[];
}

/** A key as the source has it: a variable's name, a value, or none. */
export type SourceKey = { env: string } | { value: string } | null;

export interface Wanted {
  /** Becomes the id, as far as ids allow. */
  name: string;
  type: string;
  base?: string | undefined;
  key: SourceKey;
  headers?: Record<string, SourceKey>;
  /** What clouds want beside an address. */
  place?: Pick<ProviderDraft, 'region' | 'project' | 'api_version'>;
  aws?: Record<string, SourceKey>;
  google?: SourceKey;
}

/** A place of a route, and what speaks for it. */
export interface Place extends Pick<CandidateDraft, 'weight' | 'when'> {
  provider: ProviderDraft;
  /** Absent: the model that was asked for. */
  model?: string | undefined;
}

const slug = (name: string, most = 28): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, most)
    .replace(/-+$/, '') || 'imported';

const secretLike = /key|token|secret|passw|credential|authorization|cookie/i;

/** Collects what an import makes: one provider per address and key, ids and secret names that are free. */
export class DraftBook {
  readonly proposal: Proposal;
  readonly #existing: Existing;
  readonly #made = new Map<string, ProviderDraft>();

  constructor(source: string, existing: Existing) {
    this.#existing = existing;
    this.proposal = {
      source,
      providers: [],
      routes: [],
      default_provider: null,
      services: [],
      maintenance: [],
      settings: [],
      secrets: [],
      left_out: [],
    };
  }

  leaveOut(line: number, what: string, why: string): void {
    this.proposal.left_out.push({ line, what, why });
  }

  /** The provider for this address and key, made once. Undefined: its address is no good; that is noted. */
  provider(wanted: Wanted, line: number): ProviderDraft | undefined {
    const { name, type, key, headers = {} } = wanted;
    const base = wanted.base === undefined ? undefined : baseOf(wanted.base);
    if (base === null) {
      this.leaveOut(line, `provider ${name}`, 'its address is not http, or has a password in it');
      return undefined;
    }
    const written = base === undefined ? undefined : baseToWrite(type, base);
    const { place = {}, aws = {}, google = null } = wanted;
    const recipe = JSON.stringify([type, written, key, headers, place, aws, google]);
    const known = this.#made.get(recipe);
    if (known) return known;
    const id = this.#free(slug(name), (one) =>
      [...this.#existing.providers, ...this.proposal.providers].some((provider) => provider.id === one),
    );
    const draft: ProviderDraft = { id, type };
    if (written !== undefined) draft.base_url = written;
    const reference = this.#reference(key, id);
    if (reference !== undefined) draft.api_key = reference;
    Object.assign(draft, place);
    const keys = Object.entries(aws).flatMap(([part, value]) => {
      const text = this.#reference(value, `${id}-${slug(part)}`);
      return text === undefined ? [] : [[part, text] as const];
    });
    if (keys.length > 0) draft.aws = Object.fromEntries(keys);
    const account = this.#reference(google, `${id}-google`);
    if (account !== undefined) draft.google = account;
    const heads = Object.entries(headers).flatMap(([header, value]) => {
      const plain = value && 'value' in value && !secretLike.test(header) ? value.value : undefined;
      const text = plain ?? this.#reference(value, `${id}-${slug(header)}`);
      return text === undefined ? [] : [[header, text] as const];
    });
    if (heads.length > 0) draft.headers = Object.fromEntries(heads);
    this.#made.set(recipe, draft);
    this.proposal.providers.push(draft);
    return draft;
  }

  addModel(provider: ProviderDraft, model: string): void {
    provider.models ??= [];
    if (!provider.models.includes(model)) provider.models.push(model);
  }

  /** A route to one place, or to several with what tells them apart. */
  route(
    model: string,
    places: readonly Place[],
    line: number,
    strategy: RouteDraft['strategy'] = 'ordered',
  ): void {
    const [only] = places;
    if (!only) return;
    const taken = [...this.#existing.routes, ...this.proposal.routes].some((route) => route.model === model);
    const ids = [...new Set(places.map(({ provider }) => provider.id))].join(', ');
    if (taken) this.leaveOut(line, `route ${model} → ${ids}`, 'there is a route for that name already');
    else if (model.slice(0, -1).includes('*'))
      this.leaveOut(line, `route ${model}`, '* is only allowed at the end');
    else if (places.length === 1 && !only.when) {
      const renamed = only.model === undefined || only.model === model ? {} : { upstream_model: only.model };
      this.proposal.routes.push({ model, provider: only.provider.id, ...renamed });
    } else {
      const candidates = places.map(({ provider, model: name, weight, when }): CandidateDraft => ({
        provider: provider.id,
        ...(name !== undefined && name !== model && { model: name }),
        ...(weight !== undefined && weight !== 1 && { weight }),
        ...(when && { when }),
      }));
      // The source knows no order but its own.
      this.proposal.routes.push({
        model,
        candidates,
        ...(strategy !== 'ordered' && { strategy }),
        policy: false,
      });
    }
  }

  defaultProvider(provider: ProviderDraft, line: number): void {
    const { default_provider: present } = this.#existing;
    if (present === undefined) this.proposal.default_provider = provider.id;
    else this.leaveOut(line, `default ${provider.id}`, `the default is ${present} already`);
  }

  /** A service under a name that is free; what it was called stays its title. */
  service(draft: ServiceDraft, line: number): void {
    const wanted = slug(draft.name, 64);
    const taken = [...(this.#existing.services ?? []), ...this.proposal.services];
    const name = this.#free(wanted, (one) => taken.some((service) => service.name === one));
    if (name !== wanted) this.leaveOut(line, `name ${wanted}`, `it is taken: imported as ${name}`);
    const title = draft.name === name ? {} : { title: draft.name };
    this.proposal.services.push({ ...draft, name, ...title });
  }

  maintenance(draft: MaintenanceDraft): void {
    this.proposal.maintenance.push(draft);
  }

  /** A single setting; the last one of a path counts. */
  setting(path: string[], value: unknown): void {
    const { settings } = this.proposal;
    const key = path.join('.');
    this.proposal.settings = [...settings.filter((one) => one.path.join('.') !== key), { path, value }];
  }

  /** A value that nobody may read in the file: kept as a secret, and referred to. */
  hide(value: string, name: string): string {
    return this.#reference({ value }, slug(name)) ?? value;
  }

  /** The same for a header, where its name says that it is one. */
  hideHeader(header: string, value: string, name: string): string {
    return secretLike.test(header) ? this.hide(value, `${name}-${header}`) : value;
  }

  #free(name: string, taken: (name: string) => boolean): string {
    let candidate = name;
    for (let i = 2; taken(candidate); i += 1) candidate = `${name}-${i}`;
    return candidate;
  }

  #reference(key: SourceKey, name: string): string | undefined {
    if (key === null) return undefined;
    if ('env' in key) return `\${env:${key.env}}`;
    const same = this.proposal.secrets.find(({ value }) => value === key.value);
    if (same) return `\${secret:${same.name}}`;
    const free = this.#free(name, (one) =>
      [...this.#existing.secrets, ...this.proposal.secrets.map((secret) => secret.name)].includes(one),
    );
    this.proposal.secrets.push({ name: free, value: key.value });
    return `\${secret:${free}}`;
  }
}
