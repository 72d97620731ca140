// Shows what the push service brings while no page is open. It keeps nothing and asks for nothing.
self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data ? event.data.json() : {};
  } catch {
    // Not ours: shown as it is below.
  }
  const title = String(told.title || 'Vigiles');
  event.waitUntil(
    self.registration.showNotification(title, {
      body: String(told.body || ''),
      tag: String(told.tag || 'vigiles'),
      renotify: true,
      requireInteraction: told.severity === 'critical' && told.phase !== 'resolved',
      timestamp: Number(told.at) || Date.now(),
      icon: '/favicon.svg',
      data: {
        path: typeof told.path === 'string' && told.path.startsWith('/') ? told.path : '/notifications',
      },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then(async (windows) => {
      const [open] = windows;
      if (!open) return self.clients.openWindow(url.href);
      await open.focus();
      return open.navigate(url.href);
    }),
  );
});
