import { createContext, useContext } from 'react';
import type { Path } from './schema-tree.ts';

/** What every control of the form needs: the values as they would be, and the ways to change them. */
export interface SettingsForm {
  /** The value as it would be; undefined: the default, or an entry that goes. */
  value(path: Path): unknown;
  /** What it is now. */
  before(path: Path): unknown;
  set(path: Path, value: unknown): void;
  remove(path: Path): void;
  /** Gives a change up. */
  undo(path: Path): void;
  isChanged(path: Path): boolean;
  /** Where a value comes from. */
  origin(path: Path): Origin;
  problem(path: Path): string | undefined;
  secretNames: readonly string[];
  readOnly: boolean;
}

export type Origin = { from: 'file'; line: number } | { from: 'above'; source: string } | { from: 'default' };

export const FormContext = createContext<SettingsForm | null>(null);

export function useForm(): SettingsForm {
  const form = useContext(FormContext);
  if (!form) throw new Error('A setting stands outside of the form');
  return form;
}
