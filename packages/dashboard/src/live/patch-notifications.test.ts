import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery, Notification } from '@vigiles/contract';
import { matchesNotification, withDelivery } from './patch-notifications.ts';

const delivery = (change: Partial<Delivery>): Delivery => ({
  id: 'd1',
  notification_id: 'n1',
  channel: 'mail',
  state: 'queued',
  role: 'first',
  attempts: 0,
  reason: '',
  answer: '',
  together: 1,
  created_at: 0,
  next_at: null,
  finished_at: null,
  ...change,
});
const told = { id: 'n1', severity: 'critical', deliveries: [delivery({})] } as unknown as Notification;

test('a delivery takes the place of what was known of it, and of no other notification', () => {
  const next = withDelivery(told, delivery({ state: 'delivered' }));
  assert.deepEqual(
    next.deliveries.map(({ state }) => state),
    ['delivered'],
  );
  assert.equal(withDelivery(next, delivery({ id: 'd2', role: 'reminder' })).deliveries.length, 2);
  assert.equal(withDelivery(told, delivery({ notification_id: 'n2' })), told);
});

test('a new notification joins the lists it fits; a search is left to the server', () => {
  assert.ok(matchesNotification(told, {}));
  assert.ok(matchesNotification(told, { severity: 'critical', state: 'queued', channel: 'mail' }));
  assert.ok(!matchesNotification(told, { severity: 'info' }));
  assert.ok(!matchesNotification(told, { state: 'queued', channel: 'chat' }));
  assert.ok(!matchesNotification(told, { query: 'x' }));
});
