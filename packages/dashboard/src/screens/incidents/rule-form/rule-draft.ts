import type { ActionInfo, FaultView } from '@vigiles/contract';
import { asText, type SchemaNode } from '../../fleet/service-form/schema-fields.ts';
import { exampleDraft, exampleValue, type ExampleDraft } from './example-text.ts';
import { flatFields, textsOf, valueOf, type FlatField } from './flat-fields.ts';

type Texts = Record<string, string>;

/** The parts of the catalogue’s schema that the form is drawn from. */
export interface RuleSchema {
  fields: FlatField[];
  detectors: { type: string; fields: FlatField[] }[];
  step: FlatField[];
}

export interface DetectorDraft {
  type: string;
  fields: Texts;
}

export interface StepDraft {
  action: string;
  fields: Texts;
  params: Texts;
}

/** A rule as its form holds it: every field a text. */
export interface RuleDraft {
  fields: Texts;
  detectors: DetectorDraft[];
  steps: StepDraft[];
  match: ExampleDraft[];
  nomatch: ExampleDraft[];
}

/** Finds an entry’s parts in the schema of a catalogue file; null when they are not there. */
export function ruleSchemaOf(schema: SchemaNode): RuleSchema | null {
  const entry = schema.properties?.['faults']?.items;
  const detectors = entry?.properties?.['detectors']?.items?.oneOf;
  const step = entry?.properties?.['tier1']?.items;
  if (!entry || !detectors || !step) return null;
  return {
    fields: flatFields(entry, ['detectors', 'tier1', 'examples']),
    detectors: detectors.map((one) => ({
      type: asText(one.properties?.['type']?.const),
      fields: flatFields(one),
    })),
    step: flatFields(step, ['action', 'params']),
  };
}

const detectorFields = (schema: RuleSchema, type: string): FlatField[] =>
  schema.detectors.find((one) => one.type === type)?.fields ?? [];

/** Fields of an action’s params; an action nobody knows has none. */
export const paramFields = (actions: readonly ActionInfo[], action: string): FlatField[] =>
  flatFields(actions.find(({ id }) => id === action)?.params ?? {});

/** @param signal its name, one that no other detector has */
export function newDetector(schema: RuleSchema, type: string, signal: string): DetectorDraft {
  return { type, fields: { ...textsOf(detectorFields(schema, type), null), signal } };
}

export const newStep = (schema: RuleSchema, actions: readonly ActionInfo[], action: string): StepDraft => ({
  action,
  fields: textsOf(schema.step, null),
  params: textsOf(paramFields(actions, action), null),
});

/** The form of an entry; null: of a new one. */
export function draftOf(
  schema: RuleSchema,
  actions: readonly ActionInfo[],
  entry: FaultView | null,
): RuleDraft {
  const fields = textsOf(schema.fields, entry);
  if (!entry) {
    return {
      fields: { ...fields, 'applies_to.class': 'service' },
      detectors: [newDetector(schema, 'log', 'seen')],
      steps: [],
      match: [{ text: '', kept: {} }],
      nomatch: [],
    };
  }
  return {
    fields,
    detectors: entry.detectors.map((one) => ({
      type: one.type,
      fields: textsOf(detectorFields(schema, one.type), one),
    })),
    steps: entry.tier1.map((one) => ({
      action: one.action,
      fields: textsOf(schema.step, one),
      params: textsOf(paramFields(actions, one.action), one.params),
    })),
    match: entry.examples.match.map(exampleDraft),
    nomatch: entry.examples.nomatch.map(exampleDraft),
  };
}

/** What is said where a person says nothing. */
export function unsaid({ detectors, steps }: Pick<RuleDraft, 'detectors' | 'steps'>): Texts {
  const signals = [...new Set(detectors.map(({ fields }) => fields['signal'] ?? ''))].filter((one) => one);
  const seen = detectors.map(({ type, fields }) => {
    const what =
      fields['literal'] || fields['regex'] || fields['event'] || fields['metric'] || fields['state'];
    return what ? `${type}: ${what}` : type;
  });
  return {
    when: signals.join(' and '),
    'docs.seen': `By ${seen.join('; ')}.`,
    'docs.done': steps.length === 0 ? 'A person is told.' : steps.map(({ action }) => action).join(', then '),
  };
}

const present = (drafts: readonly ExampleDraft[]): unknown[] =>
  drafts.map(exampleValue).filter((one) => one !== null);

/** The entry as it is written into the file. */
export function ruleValue(
  schema: RuleSchema,
  actions: readonly ActionInfo[],
  draft: RuleDraft,
): Record<string, unknown> {
  const said = { ...draft.fields };
  for (const [key, text] of Object.entries(unsaid(draft)))
    if ((said[key] ?? '').trim() === '') said[key] = text;
  const { docs, ...rest } = valueOf(schema.fields, said);
  const nomatch = present(draft.nomatch);
  return {
    ...rest,
    detectors: draft.detectors.map(({ type, fields }) => ({
      type,
      ...valueOf(detectorFields(schema, type), fields),
    })),
    tier1: draft.steps.map(({ action, fields, params }) => {
      const set = valueOf(paramFields(actions, action), params);
      return {
        action,
        ...(Object.keys(set).length > 0 ? { params: set } : {}),
        ...valueOf(schema.step, fields),
      };
    }),
    docs,
    examples: { match: present(draft.match), ...(nomatch.length > 0 ? { nomatch } : {}) },
  };
}
