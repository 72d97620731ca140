import type { Loss, ProviderProtocolName, TurnRequest } from '../canonical/index.ts';

/** Reports a loss that may repeat all through a history once, at its first place. */
export function noteOnce(losses: Loss[], loss: Loss): void {
  if (!losses.some((other) => other.what === loss.what && other.why === loss.why)) losses.push(loss);
}

/** Reports request fields that only the client's own protocol understands. */
export function noteVendorFields(
  { vendor }: TurnRequest,
  target: ProviderProtocolName,
  losses: Loss[],
): void {
  if (!vendor || vendor.protocol === target) return;
  for (const field of Object.keys(vendor.fields)) {
    losses.push({ path: `vendor.${field}`, what: field, why: `only ${vendor.protocol} knows it` });
  }
}
