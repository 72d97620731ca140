import type { ProviderProtocolName } from '@vigiles/wire';
import { editField, editKey, type Edit } from './edit.ts';

/** An edit that a provider was seen to need for a model, with what shows it. Times in UTC ms. */
export interface Adaptation {
  id: string;
  provider: string;
  model: string;
  /** The protocol of the body that is edited. */
  protocol: ProviderProtocolName;
  edit: Edit;
  /** The typed reason it was learned from. */
  reason: string;
  /** The provider's own words, without secrets. */
  evidence: string;
  status: number;
  /** How often it was learned: it expires and is learned anew. */
  count: number;
  firstSeen: number;
  lastSeen: number;
  expiresAt: number;
  /** Stays in force for good. */
  pinned: boolean;
}

/** What was learned from a turn. */
export type Lesson = Pick<
  Adaptation,
  'provider' | 'model' | 'protocol' | 'edit' | 'reason' | 'evidence' | 'status'
>;

/** After this long a provider is asked again whether it still minds. */
export const LESSON_MS = 24 * 3_600_000;

/** Bounds: clients choose models and fields. */
const MAX_PER_MODEL = 24;
const MAX_MODELS = 500;

const NONE: readonly Adaptation[] = [];

/** What is known of providers' wishes, by provider and model. */
export interface AdaptationTable {
  /** Nothing is known of anyone: turns need not ask. */
  readonly empty: boolean;
  /** Those in force for a body. One look-up; no allocation where there are none. */
  find(provider: string, model: string, protocol: ProviderProtocolName, now: number): readonly Adaptation[];
  /** Keeps a lesson and answers with the record, and with those it replaced. */
  learn(
    lesson: Lesson,
    now: number,
    newId: () => string,
  ): { kept: Adaptation; replaced: Adaptation[] } | null;
  /** What is stored is what holds. */
  replaceAll(all: readonly Adaptation[]): void;
  list(): Adaptation[];
}

export function createAdaptationTable(): AdaptationTable {
  let byProvider = new Map<string, Map<string, Adaptation[]>>();
  let models = 0;

  function placeOf(provider: string, model: string): Adaptation[] | null {
    const known = byProvider.get(provider)?.get(model);
    if (known) return known;
    if (models >= MAX_MODELS) return null;
    models += 1;
    const place: Adaptation[] = [];
    const ofProvider = byProvider.get(provider) ?? new Map<string, Adaptation[]>();
    byProvider.set(provider, ofProvider.set(model, place));
    return place;
  }

  return {
    get empty() {
      return models === 0;
    },
    find(provider, model, protocol, now) {
      const all = byProvider.get(provider)?.get(model);
      if (!all) return NONE;
      return all.filter((one) => one.protocol === protocol && (one.pinned || one.expiresAt > now));
    },
    learn(lesson, now, newId) {
      const place = placeOf(lesson.provider, lesson.model);
      if (!place) return null;
      const key = editKey(lesson.edit);
      const at = place.findIndex((one) => one.protocol === lesson.protocol && editKey(one.edit) === key);
      const before = place[at];
      const expiresAt = now + LESSON_MS;
      if (before) {
        const { reason, evidence, status } = lesson;
        const kept = {
          ...before,
          reason,
          evidence,
          status,
          count: before.count + 1,
          lastSeen: now,
          expiresAt,
        };
        place[at] = kept;
        return { kept, replaced: [] };
      }
      // Two edits of one field would undo each other. A pinned one is a person's word and stays.
      const replaced = place.filter(
        (one) =>
          !one.pinned &&
          one.protocol === lesson.protocol &&
          'field' in one.edit &&
          editField(one.edit) === editField(lesson.edit),
      );
      const kept: Adaptation = {
        ...lesson,
        id: newId(),
        count: 1,
        firstSeen: now,
        lastSeen: now,
        expiresAt,
        pinned: false,
      };
      const left = place.filter((one) => !replaced.includes(one));
      while (left.length >= MAX_PER_MODEL) {
        const oldest = left.findIndex((one) => !one.pinned);
        if (oldest === -1) return null;
        replaced.push(...left.splice(oldest, 1));
      }
      place.splice(0, place.length, ...left, kept);
      return { kept, replaced };
    },
    replaceAll(all) {
      byProvider = new Map();
      models = 0;
      for (const one of all) placeOf(one.provider, one.model)?.push(one);
    },
    list: () => [...byProvider.values()].flatMap((ofProvider) => [...ofProvider.values()].flat()),
  };
}
