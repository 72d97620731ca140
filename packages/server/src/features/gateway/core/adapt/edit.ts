/**
 * A change to a request body that a provider has asked for. Fields are patterns: names with dots, `[]` for every
 * element of a list (`messages[].content[].cache_control`). Edits are data: they are stored, shown and undone.
 */
export type Edit =
  | { do: 'drop'; field: string }
  | { do: 'rename'; field: string; to: string }
  | { do: 'set'; field: string; value: unknown; when?: 'whole' }
  /** Sets what is absent or null. */
  | { do: 'fill'; field: string; value: unknown }
  | { do: 'cap'; field: string; max: number }
  | { do: 'shorten'; field: string; max: number }
  | { do: 'role'; from: string; to: string }
  /** Content made of text parts alone becomes plain text. */
  | { do: 'plain-content' }
  | { do: 'merge-roles' }
  /** System messages move to the front and become one. */
  | { do: 'system-first' }
  /** Tool parameters lose a JSON Schema keyword. */
  | { do: 'schema-keyword'; keyword: string }
  | { do: 'cache-marks'; max: number }
  /** The wanted form of the answer is said in words. `as`: what is still asked of the server. */
  | { do: 'say-format'; as: 'json_object' | 'json_schema' | 'none' }
  /** A forced tool choice is said in words. */
  | { do: 'say-tool-choice' };

/** Whether an edit touches what the client meant. `softens`: it is told as a loss. */
export type Weight = 'none' | 'softens';

/** What tells two edits apart: learning the same one again renews it. */
export function editKey(edit: Edit): string {
  const { do: verb, ...rest } = edit;
  return `${verb} ${JSON.stringify(rest)}`;
}

/** The field an edit is about; a new edit for the same field replaces the old one. */
export const editField = (edit: Edit): string => ('field' in edit ? edit.field : edit.do);

/** An edit in a few words of ASCII, for the header and for people. */
export function describeEdit(edit: Edit): string {
  switch (edit.do) {
    case 'drop':
      return `-${edit.field}`;
    case 'rename':
      return `${edit.field}>${edit.to}`;
    case 'set':
    case 'fill':
      return `${edit.field}=${plain(edit.value)}`;
    case 'cap':
      return `${edit.field}<=${edit.max}`;
    case 'shorten':
      return `${edit.field}<=${edit.max} chars`;
    case 'role':
      return `role ${edit.from}>${edit.to}`;
    case 'schema-keyword':
      return `-schema ${edit.keyword}`;
    case 'cache-marks':
      return `cache marks<=${edit.max}`;
    case 'say-format':
      return edit.as === 'none' ? 'format in words' : `format in words+${edit.as}`;
    case 'say-tool-choice':
      return 'tool choice in words';
    default:
      return edit.do;
  }
}

/** Headers take printable ASCII only. */
const plain = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
    .slice(0, 60)
    .replace(/[^\x20-\x7e]/g, '?');
