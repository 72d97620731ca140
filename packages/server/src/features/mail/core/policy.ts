import type { MailConfig } from '@vigiles/contract';
import { addressKey } from './address.ts';

/** What a device may do. */
export interface Policy {
  allow: readonly string[];
  approval: boolean;
}

const matches = (pattern: string, address: string): boolean => {
  const wanted = addressKey(pattern);
  if (wanted === '*') return true;
  const key = addressKey(address);
  if (!wanted.startsWith('@') && !wanted.startsWith('*@')) return wanted === key;
  // Everything from the last @ on: `@b.example` is not `@a.b.example`, nor `x@b.example.evil`.
  return key.slice(key.lastIndexOf('@')) === wanted.slice(wanted.indexOf('@'));
};

/** The entries of every device (`*`) and its own, together. A device that stands nowhere may write to nobody. */
export function policyOf(
  { recipients, approval }: Pick<MailConfig, 'recipients' | 'approval'>,
  deviceId: string,
): Policy {
  const own = recipients.filter(({ device }) => device === deviceId);
  const all = recipients.filter(({ device }) => device === '*');
  const said = [...own, ...all].find((entry) => entry.approval !== undefined)?.approval ?? approval;
  return { allow: [...own, ...all].flatMap(({ allow }) => allow), approval: said === 'always' };
}

/** Addresses that the policy does not allow. */
export const refusedBy = (policy: Policy, addresses: readonly string[]): string[] =>
  addresses.filter((address) => !policy.allow.some((pattern) => matches(pattern, address)));
