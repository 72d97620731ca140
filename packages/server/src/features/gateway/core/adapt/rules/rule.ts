import type { Complaint } from '../complaint.ts';
import { splitPath, type Path, type Reason } from '../reason.ts';

/** Reads one kind of complaint; none where the words are another's. */
export type Rule = (complaint: Complaint) => Reason[];

type Reader = (found: RegExpExecArray, complaint: Complaint) => Reason | Reason[] | undefined;

/** A rule for each pattern: the first that matches and is understood speaks. */
export function whenSaid(...entries: readonly (readonly [RegExp, Reader])[]): Rule {
  return (complaint) => {
    for (const [pattern, read] of entries) {
      const found = pattern.exec(complaint.text);
      const reason = found && read(found, complaint);
      if (reason) return Array.isArray(reason) ? reason : [reason];
    }
    return [];
  };
}

/** The field the words name, else the one named apart from them. */
export const pathOf = (named: string | undefined, { param }: Complaint): Path =>
  splitPath(named ?? param ?? '');

/** A token count as it is written: `128000`, `128,000`, `8_192`. */
export const count = (text: string | undefined): number => Number((text ?? '').replace(/[,_]/g, ''));
