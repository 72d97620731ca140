// Runs before the first paint, so that a chosen theme does not flash. A file, not inline: the policy forbids inline scripts.
try {
  const theme = localStorage.getItem('vigiles.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be refused; the system's theme is used.
}
