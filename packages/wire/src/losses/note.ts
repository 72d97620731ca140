import type { Loss, ProviderProtocolName, TurnRequest } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
import type { EncodeTarget } from '../protocol.ts';

/** Reports a loss that may repeat all through a history once, at its first place. */
export function noteOnce(losses: Loss[], loss: Loss): void {
  if (!losses.some((other) => other.what === loss.what && other.why === loss.why)) losses.push(loss);
}

/** Fields that the client wrote for this very backend, as it wrote them. */
export function ownFields(
  { vendor }: TurnRequest,
  protocol: ProviderProtocolName,
  target: EncodeTarget,
): Record<string, unknown> {
  return target.ownFields && vendor?.protocol === protocol ? vendor.fields : {};
}

/** Reports request fields that only the client's own protocol understands. @param kept they go to a backend of that protocol */
export function noteVendorFields(
  { vendor }: TurnRequest,
  target: ProviderProtocolName,
  losses: Loss[],
  kept = true,
): void {
  if (!vendor || (kept && vendor.protocol === target)) return;
  const why = vendor.protocol === target ? 'the backend may refuse it' : `only ${vendor.protocol} knows it`;
  for (const [field, value] of Object.entries(vendor.fields)) {
    if (value === false) continue;
    // What stands in a group of settings is told by its own name.
    const names =
      GROUPS.has(field) && asRecord(value) ? `${field} (${Object.keys(value as object).join(', ')})` : field;
    losses.push({ path: `vendor.${field}`, what: names, why });
  }
}

const GROUPS: ReadonlySet<string> = new Set(['generationConfig', 'toolConfig']);
