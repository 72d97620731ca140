import { isDeepStrictEqual } from 'node:util';
import type { FaultChange } from '@vigiles/contract';
import { readYaml, type ConfigEdit } from '../../../platform/config/index.ts';

type Path = (string | number)[];

const faultsAt: Path = ['watchdog', 'faults'];
const disabledAt: Path = ['watchdog', 'disabled_faults'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What makes one value of the file the other, as small as it can be: comments beside what stays are kept. */
function differences(path: Path, before: unknown, after: unknown): ConfigEdit[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [old, now] = [Array.isArray(before) ? before : [], Array.isArray(after) ? after : []];
  // An edit to null takes the key out: what holds a null is written whole.
  if (old.length > 0 && now.length > 0 && !now.includes(null)) {
    const gone = old.slice(now.length).map((_one, at) => ({ path: [...path, now.length + at], value: null }));
    return [...now.flatMap((one, at) => differences([...path, at], old[at], one)), ...gone.toReversed()];
  }
  if (isRecord(before) && isRecord(after) && !Object.values(after).includes(null)) {
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [
      ...gone.map((key) => ({ path: [...path, key], value: null })),
      ...Object.entries(after).flatMap(([key, one]) => differences([...path, key], before[key], one)),
    ];
  }
  return [{ path, value: after }];
}

/** An entry more; an empty list is written anew, or the entry would stand inside its brackets. */
const added = (list: Path, length: number, value: unknown): ConfigEdit =>
  length === 0 ? { path: list, value: [value] } : { path: [...list, length], value };

/** An entry less; a list without any is taken out. */
const taken = (list: Path, length: number, at: number): ConfigEdit[] =>
  at < 0 ? [] : [{ path: length === 1 ? list : [...list, at], value: null }];

/**
 * The edits of `vigiles.yaml` that make a change of rules.
 * @param text of the file as it is
 * @param entry what the change writes; null: it writes none
 */
export function configRuleEdits(
  text: string,
  { remove, disable, enable, replaces }: FaultChange,
  entry: Record<string, unknown> | null,
): { edits: ConfigEdit[]; index: number | null } {
  const { value } = readYaml(text);
  const watchdog = isRecord(value) && isRecord(value['watchdog']) ? value['watchdog'] : {};
  const listOf = (key: string): unknown[] => {
    const list = watchdog[key];
    return Array.isArray(list) ? list : [];
  };
  const [faults, disabled] = [listOf('faults'), listOf('disabled_faults')];
  const placeOf = (id: unknown): number => faults.findIndex((one) => isRecord(one) && one['id'] === id);
  if (entry) {
    const at = placeOf(replaces ?? entry['id']);
    if (at < 0) return { edits: [added(faultsAt, faults.length, entry)], index: faults.length };
    return { edits: differences([...faultsAt, at], faults[at], entry), index: at };
  }
  if (remove !== undefined) return { edits: taken(faultsAt, faults.length, placeOf(remove)), index: null };
  if (disable !== undefined && !disabled.includes(disable))
    return { edits: [added(disabledAt, disabled.length, disable)], index: null };
  if (enable !== undefined)
    return { edits: taken(disabledAt, disabled.length, disabled.indexOf(enable)), index: null };
  return { edits: [], index: null };
}
