import type { Device } from '@vigiles/contract';
import type { Selectable } from 'kysely';
import { fromJson } from '../../platform/store/index.ts';

export interface DeviceTables {
  device: {
    id: string;
    /** `browser`: made at a sign-in, has a session instead of a token. */
    kind: 'device' | 'browser';
    name: string;
    scopes: string;
    token_hash: string | null;
    previous_hash: string | null;
    previous_until: number | null;
    created_at: number;
    last_seen_at: number | null;
    rotated_at: number | null;
    revoked_at: number | null;
    tenant: string;
  };
  pairing: {
    request_id: string;
    code_hash: string;
    name: string;
    scopes: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
    tenant: string;
  };
  sign_in_code: { code_hash: string; scopes: string; expires_at: number; used_at: number | null };
  /** RFC 8628: who asked to be let in. Codes are kept as hashes only. */
  device_authorization: {
    request_id: string;
    device_code_hash: string;
    user_code_hash: string;
    client_id: string;
    client_name: string;
    asked_from: string;
    scopes: string;
    state: 'pending' | 'approved' | 'denied';
    /** Scopes the approver gave; the rest of what he decided beside it. */
    granted: string | null;
    device_name: string | null;
    tenant: string | null;
    decided_by: string | null;
    polls: number;
    interval_s: number;
    next_poll_at: number;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  /** RFC 8693: short tokens that speak for a device. */
  short_token: {
    id: string;
    token_hash: string;
    device_id: string;
    /** Hash of the token it was exchanged for: when that one ends, this one does. */
    parent_hash: string;
    actor_id: string | null;
    audience: string;
    scopes: string;
    created_at: number;
    expires_at: number;
  };
  browser_session: { token_hash: string; device_id: string; created_at: number; expires_at: number };
}

export type DeviceRow = Selectable<DeviceTables['device']>;

/** The public part of a row: no hashes. */
export function deviceOf(row: DeviceRow): Device {
  const { id, name, scopes, tenant, created_at, last_seen_at, rotated_at, revoked_at } = row;
  return { id, name, scopes: fromJson(scopes), tenant, created_at, last_seen_at, rotated_at, revoked_at };
}
